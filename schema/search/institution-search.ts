import type { Connection } from 'mongoose';
import { chunksOf } from '../chunks.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import { institutionEntryModel, type InstitutionEntry, type InstitutionEntryModel } from './institution-entry.model.ts';
import { comparePositions, ORDERS } from './institution-order.ts';
import { branchesOf, checkQuery, type InstitutionQuery } from './institution-query.ts';
import { LeadingCondition } from './leading-condition.ts';
import { readBranch } from './read-branch.ts';
import { toEntry, toStoredEntry } from './stored-entry.ts';
import { writeEntries, type Entries } from './write-entries.ts';

export interface InstitutionSearchPage {
  /** In the order asked for; each with the cursor that continues after it. */
  readonly rows: readonly { readonly creditCode: CreditCode; readonly cursor: string }[];
  readonly hasNextPage: boolean;
}

const CODES_PER_STATEMENT = 500;

/**
 * The search index of institutions in MongoDB. Pages are read by index in every order and continue after a row's own
 * place, so that institutions that come and go in between neither hide nor double the others.
 */
export class InstitutionSearch {
  readonly #model: InstitutionEntryModel;
  readonly #leadingCondition: LeadingCondition;

  /** @param options.connection whose database holds the index; stays the caller's to close */
  constructor({ connection }: { readonly connection: Connection }) {
    this.#model = institutionEntryModel(connection);
    this.#leadingCondition = new LeadingCondition(this.#model);
  }

  /** Makes the indexes that are missing; to be awaited once before the first search. */
  async ensureIndexes(): Promise<void> {
    await this.#model.createIndexes();
  }

  /**
   * Adds entries, or replaces those of the same credit code. Of several with one code the last counts. May run twice.
   * @throws RangeError for an entry that cannot be sorted, before anything is written
   */
  async put(entries: readonly InstitutionEntry[]): Promise<void> {
    const byCode = new Map(entries.map((entry) => [entry.creditCode, entry]));
    for (const entry of byCode.values()) toStoredEntry(entry);
    await this.rewrite([...byCode.keys()], (codes) =>
      Promise.resolve(new Map(codes.map((code) => [code, byCode.get(code) ?? null]))),
    );
  }

  /** Takes entries out; codes that are not in the index do not matter. */
  async remove(creditCodes: readonly CreditCode[]): Promise<void> {
    await this.rewrite(creditCodes, (codes) => Promise.resolve(new Map(codes.map((code) => [code, null]))));
  }

  /**
   * Makes the entries of these institutions anew, some hundred at a time.
   * @param compute see {@link writeEntries}
   */
  async rewrite(
    creditCodes: readonly CreditCode[],
    compute: (codes: readonly CreditCode[]) => Promise<Entries>,
  ): Promise<void> {
    for (const codes of chunksOf([...new Set(creditCodes)], CODES_PER_STATEMENT)) {
      await writeEntries(this.#model, codes, compute);
    }
  }

  /** Institutions whose entries are no longer true since a day has begun; at most `limit`, the longest due first. */
  async due(now: Date, limit: number): Promise<CreditCode[]> {
    const due = await this.#model
      .find({ changesAt: { $lte: now } })
      .select({ _id: 0, creditCode: 1 })
      .sort({ changesAt: 1 })
      .limit(limit)
      .lean<Pick<InstitutionEntry, 'creditCode'>[]>();
    return due.map(({ creditCode }) => creditCode);
  }

  /** Their entries are no longer true, whoever of all processes makes them anew; without an entry nothing happens. */
  async markDue(creditCodes: readonly CreditCode[], now: Date): Promise<void> {
    for (const codes of chunksOf(creditCodes, CODES_PER_STATEMENT)) {
      // With a revision of its own: somebody who has begun before must look again.
      const due = { $set: { changesAt: now }, $inc: { revision: 1 } };
      await this.#model.updateMany({ creditCode: { $in: codes }, nameKey: { $gte: '' } }, due);
    }
  }

  /** One entry per code, same order; null where the index has none. */
  async entriesOf(creditCodes: readonly CreditCode[]): Promise<(InstitutionEntry | null)[]> {
    const found = new Map<string, InstitutionEntry>();
    for (const codes of chunksOf(creditCodes, CODES_PER_STATEMENT)) {
      const stored = await this.#model.find({ creditCode: { $in: codes }, nameKey: { $gte: '' } }).lean();
      for (const each of stored) found.set(each.creditCode, toEntry(each));
    }
    return creditCodes.map((code) => found.get(code) ?? null);
  }

  /** How many institutions the index holds. */
  async count(): Promise<number> {
    return this.#model.countDocuments({ nameKey: { $gte: '' } });
  }

  /** @throws HubError INPUT_INVALID for a filter, a page size or a cursor that cannot be used */
  async search(input: InstitutionQuery): Promise<InstitutionSearchPage> {
    const query = checkQuery(input);
    const order = ORDERS[query.orderBy];
    const after = query.after === null ? null : order.parseCursor(query.after);
    const wanted = query.first + 1;
    const found = await Promise.all(
      branchesOf(query).map(async (branch) => {
        const plan = await this.#leadingCondition.plan(branch, order);
        return readBranch(this.#model, { plan, order, after, wanted, name: branch.name });
      }),
    );
    const distinct = new Map(found.flat().map((row) => [row.creditCode, row]));
    const rows = [...distinct.values()].sort((a, b) => comparePositions(order, a.position, b.position));
    return {
      rows: rows
        .slice(0, query.first)
        .map(({ creditCode, position }) => ({ creditCode, cursor: order.cursorOf(position) })),
      hasNextPage: rows.length > query.first,
    };
  }
}
