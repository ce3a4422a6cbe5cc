/**
 * People's decisions on local numbers. MongoDB has the truth; every process has a copy of what is in force, so that a
 * query waits for nobody. A decision counts at once where it is made and within two seconds everywhere else.
 */
import type { Connection, Model } from 'mongoose';
import type { CreditCode } from '../codes/credit-code.ts';
import { HubError } from '../errors.ts';
import { isDuplicateKey } from '../duplicate-key.ts';
import { decide, undecided, type AliasAct, type AliasDecision } from './alias-decision.ts';
import { aliasDecisionModel, decisionIdOf, type AliasDecisionDocument } from './alias-decision.model.ts';
import { DecidedNumbers } from './decided-numbers.ts';
import type { DepartmentDecisions, FollowedDecisions } from './station-decisions.ts';

const REFRESH_MS = 1_000;
/** Two who write at once may take the same time, and the later one may be read before the earlier one. */
const OVERLAP_MS = 60_000;
/** Longest wait for a store that does not answer. */
const REFRESH_TIMEOUT_MS = 10_000;
const ATTEMPTS = 20;

/** A decision of which what depends on it has not been told. */
export type UntoldDecision = Pick<AliasDecisionDocument, 'departmentId' | 'localId' | 'revision' | 'untold'>;

export interface Recorded {
  readonly decision: AliasDecision;
  /** null when the act only repeated what was on record. */
  readonly untold: UntoldDecision | null;
}

type Held = Omit<AliasDecisionDocument, '_id'>;

export class AliasDecisions implements FollowedDecisions {
  readonly #model: Model<AliasDecisionDocument>;
  readonly #onFailure: (error: unknown) => void;
  readonly #inForce = new DecidedNumbers();
  readonly #revisions = new Map<string, number>();
  #newestAt: Date | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isFailing = false;
  #version = 0;

  /** @param onFailure told when the copy cannot be refreshed; it is then older than it should be */
  constructor(connection: Connection, onFailure: (error: unknown) => void = () => undefined) {
    this.#model = aliasDecisionModel(connection);
    this.#onFailure = onFailure;
  }

  /** Makes the indexes and reads every decision; to be awaited before the first question. */
  async open(): Promise<void> {
    await this.#model.createIndexes();
    await this.refresh();
  }

  /** Begins to follow what other processes decide. */
  start(): void {
    const again = (): void => {
      this.#timer = setTimeout(() => {
        this.refresh()
          .then(
            () => (this.#isFailing = false),
            (error: unknown) => {
              // Once is enough for a store that is away for a while.
              if (this.#timer !== null && !this.#isFailing) this.#onFailure(error);
              this.#isFailing = true;
            },
          )
          .finally(() => {
            if (this.#timer !== null) again();
          });
      }, REFRESH_MS);
      this.#timer.unref();
    };
    again();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  of(departmentId: string): DepartmentDecisions {
    return this.#inForce.of(departmentId);
  }

  /** Raised by every decision that this process learns of. */
  get version(): number {
    return this.#version;
  }

  /** Learns what has been decided since the last time, by whomever. */
  async refresh(): Promise<void> {
    const since =
      this.#newestAt === null ? {} : { changedAt: { $gte: new Date(this.#newestAt.getTime() - OVERLAP_MS) } };
    const changed = await this.#model
      .find(since, { history: 0 })
      .maxTimeMS(REFRESH_TIMEOUT_MS)
      .lean<Omit<AliasDecisionDocument, 'history'>[]>();
    for (const document of changed) this.#learn({ ...document, history: [] });
  }

  /** Everything that was ever decided on a number; null when nothing was. */
  async find(departmentId: string, localId: string): Promise<AliasDecision | null> {
    return await this.#held(decisionIdOf(departmentId, localId));
  }

  /**
   * Puts an act on record, in one atomic write.
   * @param concerned institutions for which something may change, besides those of the decision itself
   * @throws HubError CONFLICT when the act contradicts what is on record, also when somebody was faster
   */
  async record(
    departmentId: string,
    localId: string,
    act: AliasAct,
    concerned: readonly CreditCode[],
  ): Promise<Recorded> {
    const id = decisionIdOf(departmentId, localId);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const held = await this.#held(id);
      const before: AliasDecision = held ?? undecided(departmentId, localId);
      const after = decide(before, act);
      if (held !== null && after === held) return { decision: held, untold: null };
      const changes = {
        ...after,
        untold: [...new Set([...(held?.untold ?? []), ...concerned, ...newlyConcerned(before, after)])],
        isTold: false,
        changedAt: this.#nextTime(act.at),
        revision: (held?.revision ?? 0) + 1,
      };
      if (await this.#write(id, held?.revision ?? null, changes)) {
        this.#learn({ _id: id, ...changes });
        return { decision: after, untold: changes };
      }
    }
    throw new HubError('INTERNAL', 'This local number is being decided by too many at once.');
  }

  /** Decisions of which what depends on them has not been told. */
  async untold(): Promise<readonly UntoldDecision[]> {
    return await this.#model
      .find({ isTold: false }, { _id: 0, departmentId: 1, localId: 1, revision: 1, untold: 1 })
      .lean<UntoldDecision[]>();
  }

  /** Everything that depends on the institutions concerned has been told; unless something was decided meanwhile. */
  async noteTold({ departmentId, localId, revision }: UntoldDecision): Promise<void> {
    await this.#model.updateOne(
      { _id: decisionIdOf(departmentId, localId), revision },
      { $set: { untold: [], isTold: true } },
    );
  }

  async #held(id: string): Promise<Held | null> {
    return await this.#model.findById(id, { _id: 0 }).lean<Held>();
  }

  /** @returns false when somebody else has written in between */
  async #write(id: string, revision: number | null, changes: Held): Promise<boolean> {
    try {
      if (revision === null) {
        await this.#model.create({ _id: id, ...changes });
        return true;
      }
      const { matchedCount } = await this.#model.updateOne({ _id: id, revision }, { $set: changes });
      return matchedCount === 1;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  #nextTime(at: Date): Date {
    return new Date(Math.max(at.getTime(), (this.#newestAt?.getTime() ?? 0) + 1));
  }

  #learn(document: AliasDecisionDocument): void {
    const { _id, changedAt, revision } = document;
    if (this.#newestAt === null || changedAt > this.#newestAt) this.#newestAt = changedAt;
    if (revision <= (this.#revisions.get(_id) ?? 0)) return;
    this.#revisions.set(_id, revision);
    this.#inForce.take(document);
    this.#version += 1;
  }
}

function newlyConcerned(before: AliasDecision, after: AliasDecision): readonly CreditCode[] {
  return after.history.slice(before.history.length).map(({ creditCode }) => creditCode);
}
