/**
 * The bridge between credit codes and the departments' local numbers. Directories are read in the background and kept
 * in memory, so that a query needs no call to know under which numbers a department has an institution.
 */
import { HubError } from '../errors.ts';
import type { CallScope, DepartmentSource, DirectoryEntry, SourceRegistry } from '../ports.ts';
import { StationIndex, type StationMatches, type SubjectFacts } from './station-index.ts';
import { SubjectMemory, type Subjects } from './subject-memory.ts';

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
  readonly subjects: Subjects;
  readonly #registry: SourceRegistry;
  readonly #lastKnown: (departmentId: string) => Promise<KnownDirectory | null>;
  readonly #indexes = new Map<string, StationIndex>();
  readonly #loading = new Map<string, Promise<StationIndex>>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #stopped = new AbortController();

  /** @param lastKnown what the replica holds of a department's directory, for when the department is silent */
  constructor({
    registry,
    lastKnown = () => Promise.resolve(null),
    subjects = new SubjectMemory(),
  }: {
    readonly registry: SourceRegistry;
    readonly subjects?: Subjects;
    readonly lastKnown?: (departmentId: string) => Promise<KnownDirectory | null>;
  }) {
    this.#registry = registry;
    this.subjects = subjects;
    this.#lastKnown = lastKnown;
  }

  /** Begins to read the directories and to keep them fresh. */
  start(): void {
    for (const source of this.#localNumberSources()) this.#keepFresh(source);
  }

  stop(): void {
    this.#stopped.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Whether every department that needs a directory has one. */
  ready(): boolean {
    return this.#localNumberSources().every((source) => this.#indexes.has(source.department.id));
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
      const index = this.#indexes.get(source.department.id) ?? (await this.#firstLoad(source, scope));
      const found = index.match(subject, this.subjects.sharedNames(subject));
      return { known: true, asOf: index.asOf, stations: this.#withoutStationsOfOthers(found, subject) };
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      return { known: false, error };
    }
  }

  /** The directory's own entry for a local number, if the directory has been read. */
  entryOf(departmentId: string, localId: string): ReturnType<StationIndex['entryOf']> {
    return this.#indexes.get(departmentId)?.entryOf(localId);
  }

  /** A name proves nothing about a station whose CMA certificate the register gives to somebody else. */
  #withoutStationsOfOthers({ matches, uncertain }: StationMatches, { creditCode }: SubjectFacts): StationMatches {
    const isAnothers = ({ cmaNumbers }: DirectoryEntry): boolean =>
      cmaNumbers.some((number) => (this.subjects.creditCodeOfCma(number) ?? creditCode) !== creditCode);
    return {
      matches: matches.filter((match) => match.matchedBy !== 'NAME_AND_REGION' || !isAnothers(match.entry)),
      uncertain: uncertain.filter((entry) => !isAnothers(entry)),
    };
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

  #localNumberSources(): readonly DepartmentSource[] {
    return this.#registry.all().filter((source) => source.department.keyedBy === 'LOCAL_NUMBER');
  }
}
