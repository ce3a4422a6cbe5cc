import type { Connection } from 'mongoose';
import type { CreditCode } from '../codes/credit-code.ts';
import { institutionEntryModel, type InstitutionEntry, type InstitutionEntryModel } from './institution-entry.model.ts';
import { comparePositions, ORDERS } from './institution-order.ts';
import { branchesOf, checkQuery, type InstitutionQuery } from './institution-query.ts';
import { LeadingCondition } from './leading-condition.ts';
import { readBranch } from './read-branch.ts';
import { toEntry } from './stored-entry.ts';
import { writeEntries } from './write-entries.ts';

export interface InstitutionSearchPage {
  /** In the order asked for; each with the cursor that continues after it. */
  readonly rows: readonly { readonly creditCode: CreditCode; readonly cursor: string }[];
  readonly hasNextPage: boolean;
}

const CODES_PER_STATEMENT = 1_000;

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
    await writeEntries(this.#model, entries);
  }

  /** Takes entries out; codes that are not in the index do not matter. */
  async remove(creditCodes: readonly CreditCode[]): Promise<void> {
    for (const codes of chunksOf(creditCodes)) await this.#model.deleteMany({ creditCode: { $in: codes } });
  }

  /** One entry per code, same order; null where the index has none. */
  async entriesOf(creditCodes: readonly CreditCode[]): Promise<(InstitutionEntry | null)[]> {
    const found = new Map<string, InstitutionEntry>();
    for (const codes of chunksOf(creditCodes)) {
      const stored = await this.#model.find({ creditCode: { $in: codes } }).lean();
      for (const each of stored) found.set(each.creditCode, toEntry(each));
    }
    return creditCodes.map((code) => found.get(code) ?? null);
  }

  /** How many institutions the index holds; after a crash of the database it may be off by a few. */
  async count(): Promise<number> {
    return this.#model.estimatedDocumentCount();
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

function chunksOf<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / CODES_PER_STATEMENT);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * CODES_PER_STATEMENT, (index + 1) * CODES_PER_STATEMENT),
  );
}
