/**
 * Tells whoever computes something per institution which institutions have changed in the replica, at least once each:
 * a record is taken from the list of pending ones only when everybody has been told. May be killed at any moment, and run
 * by several processes at the same time.
 */
import type { CreditCode } from '../codes/credit-code.ts';
import type { FollowedDecisions } from '../identity/station-decisions.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import { concernedCodes } from './concerned-codes.ts';
import type { Feed } from './facts.ts';
import type { PendingRecord } from './pending-records.ts';
import type { ProjectionStates } from './projection-states.ts';
import { subjectKeysOf } from './read-records.ts';
import type { Replica } from './replica.ts';

export interface ChangeConsumer {
  /** Under this name its state is kept. */
  readonly name: string;
  /** 1 or more; raised when everything must be computed anew. */
  readonly layout: number;
  /** Computes from the replica as it is now what belongs to these institutions; does no harm when told twice. */
  refresh(codes: readonly CreditCode[]): Promise<void>;
  /** Computes what the passing of time alone has changed. */
  refreshDue?(): Promise<void>;
}

export interface ProjectorParts {
  readonly replica: Replica;
  readonly states: ProjectionStates;
  /** Every department whose feeds the replica may hold. */
  readonly departments: readonly DepartmentDescriptor[];
  /** What people have said of local numbers. */
  readonly decisions: FollowedDecisions;
  readonly consumers: readonly ChangeConsumer[];
}

export interface ProjectionReport {
  /** Pending records that were dealt with. */
  readonly records: number;
  /** Institutions that consumers were told of; one may have been told of twice. */
  readonly institutions: number;
}

const BATCH = 500;

export class Projector {
  readonly #parts: ProjectorParts;

  constructor(parts: ProjectorParts) {
    this.#parts = parts;
  }

  /**
   * Deals with everything that is pending, also with what becomes pending meanwhile.
   * @throws whatever the store or a consumer throws; what was not dealt with stays pending
   */
  async run(): Promise<ProjectionReport> {
    await this.#beginNewLayouts();
    // What was in step with a department before the run is dealt with by it.
    const heldAt = await this.#loadedFeeds();
    const report = await this.#drain();
    for (const consumer of this.#parts.consumers) {
      await consumer.refreshDue?.();
      await this.#noteComplete(consumer, heldAt);
    }
    return report;
  }

  /** A consumer that has never seen the replica, or computes otherwise than before, is told of every institution. */
  async #beginNewLayouts(): Promise<void> {
    const { replica, states, departments, consumers } = this.#parts;
    const begun: ChangeConsumer[] = [];
    for (const consumer of consumers) {
      if ((await states.of(consumer.name)).flagged < consumer.layout) begun.push(consumer);
    }
    if (begun.length === 0) return;
    await replica.pending.flagInstitutions(departments.map(({ id }) => id));
    for (const { name, layout } of begun) await states.noteFlagged(name, layout);
  }

  async #noteComplete({ name, layout }: ChangeConsumer, heldAt: ReadonlyMap<Feed, Date>): Promise<void> {
    const known = await this.#parts.states.of(name);
    const isNews = [...heldAt].some(([feed, at]) => at.getTime() !== known.heldAt.get(feed)?.getTime());
    if (isNews || known.complete < layout) await this.#parts.states.noteComplete(name, layout, heldAt);
  }

  async #loadedFeeds(): Promise<ReadonlyMap<Feed, Date>> {
    const loaded = new Map<Feed, Date>();
    for (const [feed, { loadedAt, syncedAt }] of await this.#parts.replica.states.all()) {
      if (loadedAt !== null && syncedAt !== null) loaded.set(feed, syncedAt);
    }
    return loaded;
  }

  async #drain(): Promise<ProjectionReport> {
    const { replica, consumers } = this.#parts;
    const report = { records: 0, institutions: 0 };
    for (;;) {
      const next = await replica.pending.next(BATCH);
      if (next.length === 0) return report;
      const { changed, codes } = await this.#concerned(next);
      if (codes.length > 0) for (const consumer of consumers) await consumer.refresh(codes);
      await replica.pending.clear(changed);
      report.records += changed.length;
      report.institutions += codes.length;
    }
  }

  /** Other records of the same institutions come along, so that each is computed once when very many have changed. */
  async #concerned(next: readonly PendingRecord[]) {
    const { replica, departments, decisions } = this.#parts;
    await decisions.refresh();
    const codesOf = (records: readonly PendingRecord[]) =>
      concernedCodes(replica.models, departments, decisions, records);
    const codes = await codesOf(next);
    if (next.length < BATCH) return { changed: next, codes };
    const keys = codes.flatMap((creditCode) => subjectKeysOf({ creditCode, localIds: [] }));
    const known = new Set(next.map(({ _id }) => _id));
    const filed = await replica.pending.filedUnder(
      departments.map(({ id }) => id),
      keys,
    );
    const others = filed.filter(({ _id }) => !known.has(_id));
    return { changed: [...next, ...others], codes: [...new Set([...codes, ...(await codesOf(others))])] };
  }
}
