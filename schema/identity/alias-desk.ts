/**
 * Where people's decisions on local numbers are taken in and carried through: on record, out of the list of those that
 * wait, and told to everything that was made of what the number fed.
 */
import type { CreditCode } from '../codes/credit-code.ts';
import type { CallScope, Clock, DepartmentSource, DirectoryEntry } from '../ports.ts';
import type { AliasCandidates, RefreshCounts } from './alias-candidates.ts';
import type { AliasAct, AliasDecision } from './alias-decision.ts';
import type { AliasDecisions, UntoldDecision } from './alias-decisions.ts';
import type { IdentityDirectory } from './identity-directory.ts';
import { NearNames } from './near-names.ts';
import type { RegisterFollower } from './register-follower.ts';
import type { SubjectFacts } from './subject-facts.ts';

/**
 * Makes anew what was made of the records of these institutions. May be told more than once, and of institutions for
 * which nothing has changed.
 */
export type IdentityConsumer = (creditCodes: readonly CreditCode[]) => Promise<void>;

export interface AliasDeskParts {
  readonly identity: IdentityDirectory;
  readonly register: RegisterFollower;
  readonly decisions: AliasDecisions;
  readonly candidates: AliasCandidates;
  readonly clock: Clock;
  /** Told when what follows from a decision that is on record has failed; it will be tried again. */
  readonly onFailure: (error: unknown) => void;
}

export class AliasDesk {
  readonly decisions: AliasDecisions;
  readonly candidates: AliasCandidates;
  readonly #parts: AliasDeskParts;
  readonly #consumers: IdentityConsumer[] = [];
  #nearNames: { readonly version: number; readonly names: NearNames } | null = null;
  #refreshed = '';

  constructor(parts: AliasDeskParts) {
    this.#parts = parts;
    this.decisions = parts.decisions;
    this.candidates = parts.candidates;
  }

  /** Has a consumer told of every decision from now on, until it succeeds. */
  follow(consumer: IdentityConsumer): void {
    this.#consumers.push(consumer);
  }

  /**
   * Puts a decision on record and carries it through. What fails after that is tried again by the job.
   * @throws HubError CONFLICT when it contradicts what is on record; SOURCE_* when the directory cannot be had now
   */
  async decide(source: DepartmentSource, localId: string, act: AliasAct, scope: CallScope): Promise<AliasDecision> {
    const { identity } = this.#parts;
    const entry = (await identity.indexOf(source, scope)).entryOf(localId);
    // Whoever could have the number by a rule may gain or lose it.
    const concerned = entry === undefined ? [] : identity.subjects.near(entry).map(({ creditCode }) => creditCode);
    const { decision, untold } = await this.decisions.record(source.department.id, localId, act, concerned);
    if (untold !== null) {
      await this.#carryThrough(() => this.#refreshAround(source, decision, untold));
      await this.#carryThrough(() => this.#tell(untold));
    }
    return decision;
  }

  /** Tells what an earlier process, or a consumer that failed, has left untold. */
  async tellUntold(): Promise<void> {
    for (const untold of await this.decisions.untold()) await this.#tell(untold);
  }

  /**
   * Goes through all directories, unless nothing has changed since the last time.
   * @returns null when there was nothing to do, or the register or no directory is known yet
   */
  async refreshList(): Promise<RefreshCounts | null> {
    const { identity, register } = this.#parts;
    if (!register.isComplete()) return null;
    await this.decisions.refresh();
    const sources = identity.localNumberSources().filter((source) => identity.groundsOf(source) !== null);
    const versions = [identity.subjects.version, this.decisions.version];
    const directories = sources.map((source) => identity.groundsOf(source)?.index.asOf.getTime());
    const state = [...versions, ...directories].join();
    if (state === this.#refreshed || sources.length === 0) return null;
    const total = { waiting: 0, written: 0, removed: 0 };
    for (const source of sources) {
      const counts = await this.#refresh(source, null);
      for (const name of ['waiting', 'written', 'removed'] as const) total[name] += counts?.[name] ?? 0;
    }
    this.#refreshed = state;
    return total;
  }

  /** The number itself and those that compete with it for an institution. */
  async #refreshAround(
    source: DepartmentSource,
    { localId }: AliasDecision,
    { untold }: UntoldDecision,
  ): Promise<void> {
    const { identity, register } = this.#parts;
    const grounds = identity.groundsOf(source);
    const own = grounds?.index.entryOf(localId);
    if (grounds === null || own === undefined) return;
    if (!register.isComplete()) {
      if (grounds.decided.confirmationOf(localId) !== null) await this.#refresh(source, [own]);
      return;
    }
    const subjects = untold.flatMap((code): readonly SubjectFacts[] => {
      const facts = identity.subjects.factsOf(code);
      return facts === undefined ? [] : [facts];
    });
    const rivals = subjects.flatMap((subject) => [...grounds.index.entriesNear(subject)]);
    await this.#refresh(source, [...new Set([own, ...rivals])]);
  }

  async #refresh(source: DepartmentSource, entries: readonly DirectoryEntry[] | null): Promise<RefreshCounts | null> {
    const { identity, candidates, clock } = this.#parts;
    const grounds = identity.groundsOf(source);
    if (grounds === null) return null;
    return await candidates.refresh(source.department.id, grounds, this.#near(), clock.now(), entries);
  }

  #near(): NearNames {
    const { subjects } = this.#parts.identity;
    if (this.#nearNames?.version !== subjects.version) {
      this.#nearNames = { version: subjects.version, names: new NearNames(subjects.all()) };
    }
    return this.#nearNames.names;
  }

  async #tell(untold: UntoldDecision): Promise<void> {
    for (const consumer of this.#consumers) await consumer(untold.untold);
    await this.decisions.noteTold(untold);
  }

  async #carryThrough(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#parts.onFailure(error);
    }
  }
}
