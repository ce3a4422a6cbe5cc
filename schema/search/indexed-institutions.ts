/** The list of institutions as the hub holds it: which ones match, and the register's words about them. */
import { checkCreditCode, type CreditCode } from '../codes/credit-code.ts';
import { confirmByRegistry } from '../codes/registry-confirmed.ts';
import { HubError } from '../errors.ts';
import type { InstitutionListQuery, InstitutionOrder, MalformedRecord, SourceRegistry } from '../ports.ts';
import type { InstitutionRecord } from '../records.ts';
import { feedOf, PROJECTED_READS, type Feed, type ProjectedRead } from '../replica/facts.ts';
import { withinPatience } from '../replica/patience.ts';
import type { ProjectionStates } from '../replica/projection-states.ts';
import { registeredInstitutions, registersOf } from '../replica/registered-institutions.ts';
import type { Replica } from '../replica/replica.ts';
import type { RiskClass } from './institution-entry.model.ts';
import { INSTITUTION_INDEX, INSTITUTION_INDEX_LAYOUT } from './institution-index.ts';
import type { InstitutionSearch } from './institution-search.ts';

export interface IndexedPage {
  readonly rows: readonly {
    /** Continues after this row. */
    readonly cursor: string;
    readonly creditCode: CreditCode;
    /** null: the replica has lost it since the list was read. */
    readonly record: InstitutionRecord | null;
  }[];
  readonly hasNextPage: boolean;
  /** Records of the register that cannot be read: they may be missing. */
  readonly malformed: readonly MalformedRecord[];
}

/** What the hub's own list can be asked: all that a register can, and risk. */
export interface IndexedQuery extends Omit<InstitutionListQuery, 'orderBy'> {
  readonly orderBy: InstitutionOrder;
  readonly riskClasses: readonly RiskClass[] | null;
}

/** Whether no register could answer it. */
export const isAboutRisk = ({ orderBy, riskClasses }: IndexedQuery): boolean =>
  orderBy === 'RISK_DESC' || riskClasses !== null;

export interface IndexedInstitutionsParts {
  readonly replica: Replica;
  readonly search: InstitutionSearch;
  readonly states: ProjectionStates;
  readonly registry: SourceRegistry;
  /** Told when the store fails; the register is then asked as if there were no index. */
  readonly onFailure: (error: unknown) => void;
  /** Longest wait for the store. */
  readonly patienceMs?: number;
}

const MOST_MALFORMED = 100;

export class IndexedInstitutions {
  readonly #parts: IndexedInstitutionsParts;

  constructor(parts: IndexedInstitutionsParts) {
    this.#parts = parts;
  }

  /**
   * Until when the list is known to hold everything that this query is about: the oldest of the feeds that it rests on.
   * null while one of them has never been read in full, and when the store does not answer.
   */
  async heldAt(query: IndexedQuery): Promise<Date | null> {
    const state = await this.#orNull(() => this.#parts.states.known(INSTITUTION_INDEX));
    if (state === null || state.complete < INSTITUTION_INDEX_LAYOUT) return null;
    const times = this.#feedsFor(query).map((feed) => state.heldAt.get(feed) ?? null);
    return times.reduce<Date | null>(
      (oldest, time) => (oldest === null || time === null ? null : time < oldest ? time : oldest),
      times[0] ?? null,
    );
  }

  /**
   * @returns null when the store does not answer
   * @throws HubError INPUT_INVALID for a filter, a page size or a cursor that cannot be used
   */
  page(query: IndexedQuery): Promise<IndexedPage | null> {
    return this.#orNull(() => this.#page(query));
  }

  async #page(query: IndexedQuery): Promise<IndexedPage> {
    const { replica, search, registry } = this.#parts;
    const departments = registry.all().map(({ department }) => department);
    const [{ rows, hasNextPage }, ...malformed] = await Promise.all([
      search.search(query),
      ...registersOf(departments).map(({ id }) => replica.quarantine.of(feedOf(id, 'institutions'), MOST_MALFORMED)),
    ]);
    const codes = rows.map(({ creditCode }) => creditCode);
    const held = codes.length === 0 ? [] : await registeredInstitutions(replica.models, departments, codes);
    const records = new Map(held.map(({ creditCode, record }) => [creditCode, record]));
    // The register's own word, whichever process heard it: whoever sees a code in the list can ask for it.
    for (const code of records.keys()) if (checkCreditCode(code).verdict === 'REJECT') confirmByRegistry(code);
    return {
      rows: rows.map((row) => ({ ...row, record: records.get(row.creditCode) ?? null })),
      hasNextPage,
      malformed: malformed.flat(),
    };
  }

  /** The feeds that decide which institutions match and in which order. */
  #feedsFor(query: IndexedQuery): Feed[] {
    const { listed, qualification, orderBy } = query;
    const sources = this.#parts.registry.all();
    const registers = registersOf(sources.map(({ department }) => department)).map(({ id }) => id);
    const isNeeded = (read: ProjectedRead, isRegister: boolean): boolean => {
      if (orderBy === 'UPDATED_DESC' || isAboutRisk(query)) return true;
      switch (read) {
        case 'institutions':
          // Whose filings they are is in the other departments' descriptions.
          return isRegister || qualification !== null;
        case 'qualifications':
          return qualification !== null;
        case 'listEntries':
          return listed !== null;
        case 'penalties':
          return false;
      }
    };
    return sources.flatMap(({ department: { id }, changeFeeds }) => {
      const isRegister = registers.includes(id);
      // A register that reports no changes is never held.
      const isHeld = (read: ProjectedRead): boolean => changeFeeds.has(read) || (isRegister && read === 'institutions');
      return PROJECTED_READS.filter((read) => isHeld(read) && isNeeded(read, isRegister)).map((read) =>
        feedOf(id, read),
      );
    });
  }

  async #orNull<T>(ask: () => Promise<T>): Promise<T | null> {
    const { onFailure, patienceMs } = this.#parts;
    try {
      return await withinPatience(ask, patienceMs);
    } catch (error) {
      if (error instanceof HubError) throw error;
      onFailure(error);
      return null;
    }
  }
}
