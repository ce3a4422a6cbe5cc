/**
 * The bridge between credit codes and the departments' local numbers. Directories are read in the background and kept
 * in memory, so that a query needs no call to know under which numbers a department has an institution.
 */
import { HubError } from '../errors.ts';
import type { CallScope, DepartmentSource, DirectoryEntry, SourceRegistry } from '../ports.ts';
import { matchStations, type MatchingGrounds } from './match-stations.ts';
import { NO_DECISIONS, type StationDecisions } from './station-decisions.ts';
import { StationIndex, type StationMatches } from './station-index.ts';
import type { SubjectFacts } from './subject-facts.ts';
import { SubjectMemory } from './subject-memory.ts';

const REFRESH_MS = 5 * 60_000;
const RETRY_MS = 5_000;

export type IdentityAnswer =
  | { readonly known: true; readonly asOf: Date; readonly stations: StationMatches }
  | { readonly known: false; readonly error: HubError };

export interface KnownDirectory {
  readonly asOf: Date;
  readonly entries: readonly DirectoryEntry[];
}

export class IdentityDirectory {
  /** What the registry said about institutions when it was last seen. */
  readonly subjects = new SubjectMemory();
  readonly decisions: StationDecisions;
  readonly #registry: SourceRegistry;
  readonly #others: SubjectMemory;
  readonly #lastKnown: (departmentId: string) => Promise<KnownDirectory | null>;
  readonly #indexes = new Map<string, StationIndex>();
  readonly #loading = new Map<string, Promise<StationIndex>>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #stopped = new AbortController();

  /**
   * @param lastKnown what the replica holds of a department's directory, for when the department is silent
   * @param decisions whose numbers are whose because a person said so
   * @param others which names and numbers belong to others too; what has been seen here when not given
   */
  constructor({
    registry,
    lastKnown = () => Promise.resolve(null),
    decisions = NO_DECISIONS,
    others,
  }: {
    readonly registry: SourceRegistry;
    readonly others?: SubjectMemory;
    readonly lastKnown?: (departmentId: string) => Promise<KnownDirectory | null>;
    readonly decisions?: StationDecisions;
  }) {
    this.#registry = registry;
    this.decisions = decisions;
    this.#others = others ?? this.subjects;
    this.#lastKnown = lastKnown;
  }

  /** Begins to read the directories and to keep them fresh. */
  start(): void {
    for (const source of this.localNumberSources()) this.#keepFresh(source);
  }

  stop(): void {
    this.#stopped.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Whether every department that needs a directory has one. */
  ready(): boolean {
    return this.localNumberSources().every((source) => this.#indexes.has(source.department.id));
  }

  /** Resolves when every directory has been tried once, whatever came of it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#loading.values());
  }

  /**
   * The numbers under which a department knows an institution. Waits for a directory that is being read for the first
   * time, but not longer than the caller's own time.
   */
  async stationsOf(source: DepartmentSource, subject: SubjectFacts, scope: CallScope): Promise<IdentityAnswer> {
    try {
      const index = await this.indexOf(source, scope);
      return { known: true, asOf: index.asOf, stations: matchStations(subject, this.#groundsFor(source, index)) };
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      return { known: false, error };
    }
  }

  /**
   * A department's directory, waited for if it is being read for the first time.
   * @throws HubError when it cannot be had now
   */
  async indexOf(source: DepartmentSource, scope: CallScope): Promise<StationIndex> {
    return this.#indexes.get(source.department.id) ?? (await this.#firstLoad(source, scope));
  }

  /** What institutions are matched by at a department; null before its directory has been read. */
  groundsOf(source: DepartmentSource): MatchingGrounds | null {
    const index = this.#indexes.get(source.department.id);
    return index === undefined ? null : this.#groundsFor(source, index);
  }

  /** The directory's own entry for a local number, if the directory has been read. */
  entryOf(departmentId: string, localId: string): ReturnType<StationIndex['entryOf']> {
    return this.#indexes.get(departmentId)?.entryOf(localId);
  }

  #groundsFor({ department }: DepartmentSource, index: StationIndex): MatchingGrounds {
    return { index, subjects: this.#others, decided: this.decisions.of(department.id) };
  }

  async #firstLoad(source: DepartmentSource, scope: CallScope): Promise<StationIndex> {
    const name = source.department.name;
    const tooLate = new Promise<never>((_, reject) => {
      const fail = (): void =>
        reject(new HubError('SOURCE_TIMEOUT', `${name} has not yet given its directory of local numbers.`));
      if (scope.signal.aborted) fail();
      else scope.signal.addEventListener('abort', fail, { once: true });
    });
    return await Promise.race([this.#load(source), tooLate]);
  }

  /** Reads a department's directory; callers at the same time share one reading. */
  #load(source: DepartmentSource): Promise<StationIndex> {
    const { id } = source.department;
    const running = this.#loading.get(id);
    if (running !== undefined) return running;
    const loading = this.#read(source).finally(() => this.#loading.delete(id));
    this.#loading.set(id, loading);
    return loading;
  }

  async #read(source: DepartmentSource): Promise<StationIndex> {
    if (source.directory === undefined) {
      throw new HubError('UNSUPPORTED', `${source.department.name} uses local numbers but offers no directory.`);
    }
    const { asOf, entries } = await this.#entriesOf(source, {
      requestId: `directory-${source.department.id}`,
      signal: this.#stopped.signal,
      deadlineAt: Number.POSITIVE_INFINITY,
    });
    const index = new StationIndex(entries, asOf);
    this.#indexes.set(source.department.id, index);
    return index;
  }

  async #entriesOf(source: DepartmentSource, scope: CallScope): Promise<KnownDirectory> {
    const { department } = source;
    try {
      const answer = await source.directory?.(scope);
      if (answer !== undefined) return answer;
      throw new HubError('UNSUPPORTED', `${department.name} uses local numbers but offers no directory.`);
    } catch (error) {
      // An index that is already there is newer than what the replica holds.
      const known = this.#indexes.has(department.id) ? null : await this.#lastKnown(department.id).catch(() => null);
      if (known === null) throw error;
      return known;
    }
  }

  #keepFresh(source: DepartmentSource): void {
    const again = (afterMs: number): void => {
      if (this.#stopped.signal.aborted) return;
      const timer = setTimeout(() => this.#keepFresh(source), afterMs);
      timer.unref();
      this.#timers.set(source.department.id, timer);
    };
    this.#load(source).then(
      () => again(REFRESH_MS),
      () => again(RETRY_MS),
    );
  }

  /** Departments whose numbers have to be matched. */
  localNumberSources(): readonly DepartmentSource[] {
    return this.#registry.all().filter((source) => source.department.keyedBy === 'LOCAL_NUMBER');
  }
}
