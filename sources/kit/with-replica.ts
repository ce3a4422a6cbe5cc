/**
 * Puts the replica before a department: fresh enough is shown as REPLICA; else one call for all the rest, LIVE, and the
 * replica learns from it; else the last known answer as STALE with its time; else UNAVAILABLE.
 */
import {
  FACET_OF_READ,
  REPLICATED_READS,
  type CallScope,
  type DepartmentSource,
  type ReadName,
  type RecordSet,
  type ReplicatedRead,
  type RequestAnswer,
  type Silence,
  type SourceAnswer,
  type SourceReads,
  type SubjectReference,
} from '../../schema/ports.ts';
import { isFreshEnough } from '../../schema/replica/max-age.ts';
import { withinPatience } from '../../schema/replica/patience.ts';
import type { Replica } from '../../schema/replica/replica.ts';
import { addFileRecords } from './add-file-records.ts';
import type { MaxAges } from './freshness.ts';

export interface ReplicaOptions {
  /** How old a replicated answer may be when the question does not say, in seconds per facet; absent = live only. */
  readonly maxAgeSeconds: MaxAges;
  /** Told when the replica itself fails; departments are then asked as if there were none. */
  readonly onFailure: (error: unknown) => void;
  /** Told when the replica has learned from a live answer. */
  readonly onLearned?: () => void;
  /** Longest wait for the replica itself: a query must not wait for a store that has gone. */
  readonly patienceMs?: number;
  readonly now?: () => Date;
}

export interface ReplicatedSource extends DepartmentSource {
  /** Resolves when the live answers so far have been taken in. */
  settled(): Promise<void>;
}

type Rec<K extends ReadName> = SourceReads[K]['record'];

const isReplicated = (read: ReadName): read is ReplicatedRead =>
  read !== 'certificates' && (REPLICATED_READS as readonly ReadName[]).includes(read);

/** Look-ups by number, and the records in which the replica finds them. */
const BY_NUMBER = { reportsByNumber: 'reports', certificates: 'certificates' } as const;
const isByNumber = (read: ReadName): read is keyof typeof BY_NUMBER => read in BY_NUMBER;

export function withReplica(source: DepartmentSource, replica: Replica, options: ReplicaOptions): ReplicatedSource {
  const departmentId = source.department.id;
  const now = options.now ?? ((): Date => new Date());
  const learning = new Set<Promise<void>>();

  const orNothing = async <T>(nothing: T, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      options.onFailure(error);
      return nothing;
    }
  };
  const fromReplica = <T>(nothing: T, ask: () => Promise<T>): Promise<T> =>
    orNothing(nothing, () => withinPatience(ask, options.patienceMs));

  /** Only a department that answers leaves open what files have shown beside. */
  const fromFiles = async <T>(
    reply: SourceAnswer<unknown>,
    find: () => Promise<readonly (readonly T[])[] | null>,
  ): Promise<readonly (readonly T[])[] | null> => (reply.status === 'LIVE' ? await fromReplica(null, find) : null);

  const learn = (work: () => Promise<void>): void => {
    const done = orNothing(undefined, async () => {
      await work();
      options.onLearned?.();
    }).finally(() => learning.delete(done));
    learning.add(done);
  };

  const patienceOf = (read: ReadName, asked: number | null | undefined): number =>
    asked ?? options.maxAgeSeconds[FACET_OF_READ[read]] ?? 0;

  const stale = <T>(
    asOf: Date | null | undefined,
    set: RecordSet<T> | undefined,
    silence: Silence,
  ): RequestAnswer<T> =>
    asOf instanceof Date && set !== undefined
      ? { status: 'STALE', asOf, set, reason: `${silence.code}: ${silence.reason}` }
      : silence;

  /**
   * @param heldAt when the replica last knew the answer, per request
   * @param hold what the replica has for the requests at these positions
   * @param ask one call for the requests at these positions
   */
  const decide = async <T>(
    heldAt: readonly (Date | null)[],
    patience: readonly number[],
    hold: (positions: readonly number[]) => Promise<readonly RecordSet<T>[]>,
    ask: (positions: readonly number[]) => Promise<SourceAnswer<T>>,
  ): Promise<SourceAnswer<T>> => {
    const positions = [...heldAt.keys()];
    const fresh = positions.filter((position) => isFreshEnough(heldAt[position], patience[position] ?? 0, now()));
    const freshSets = fresh.length === 0 ? [] : await fromReplica(null, () => hold(fresh));
    const shown = freshSets === null ? [] : fresh;
    const old = positions.filter((position) => !shown.includes(position));
    const reply = old.length === 0 ? null : await ask(old);
    if (reply !== null && reply.status !== 'UNAVAILABLE' && shown.length === 0) return reply;
    const answers: RequestAnswer<T>[] = [];
    for (const [index, position] of shown.entries()) {
      const [asOf, set] = [heldAt[position], freshSets?.[index]];
      if (asOf instanceof Date && set !== undefined) answers[position] = { status: 'REPLICA', asOf, set, reason: null };
    }
    if (reply?.status === 'UNAVAILABLE') {
      const known = old.filter((position) => heldAt[position] instanceof Date);
      const lastSets = known.length === 0 ? [] : ((await fromReplica(null, () => hold(known))) ?? []);
      for (const position of old) {
        answers[position] = stale(heldAt[position], lastSets[known.indexOf(position)], reply);
      }
    } else if (reply?.status === 'LIVE') {
      for (const [index, position] of old.entries()) {
        const set = reply.sets[index];
        if (set !== undefined) answers[position] = { status: 'LIVE', asOf: reply.asOf, set, reason: null };
      }
    }
    return { status: 'EACH', answers };
  };

  const readSubjects = async <K extends ReplicatedRead>(
    read: K,
    requests: readonly SubjectReference[],
    scope: CallScope,
  ): Promise<SourceAnswer<Rec<K>>> => {
    const held = await fromReplica(
      requests.map(() => null),
      () => replica.heldAt(departmentId, read, requests),
    );
    const at = (positions: readonly number[]): SubjectReference[] =>
      positions.flatMap((position) => requests[position] ?? []);
    return await decide<Rec<K>>(
      held,
      requests.map(({ maxAgeSeconds }) => patienceOf(read, maxAgeSeconds)),
      (positions) => replica.answer(departmentId, read, at(positions)),
      async (positions) => {
        const asked = at(positions);
        const askedAt = now();
        const reply = await source.read(read, asked, scope);
        if (reply.status === 'LIVE') {
          learn(() => replica.takeAnswers(departmentId, read, askedAt, asked, reply.sets));
        }
        const limits = asked.map((request) => ('limit' in request ? Number(request.limit) : null));
        return addFileRecords(
          read,
          reply,
          await fromFiles(reply, () => replica.fromFiles(departmentId, read, asked)),
          limits,
        );
      },
    );
  };

  const readNumbers = async <K extends keyof typeof BY_NUMBER>(
    read: K,
    numbers: readonly string[],
    scope: CallScope,
  ): Promise<SourceAnswer<Rec<K>>> => {
    const kept = BY_NUMBER[read];
    const numbersAt = (positions: readonly number[]): string[] =>
      positions.flatMap((position) => numbers[position] ?? []);
    const state = await fromReplica(
      null,
      async () => (await replica.knownStates()).get(`${departmentId}|${kept}`) ?? null,
    );
    const syncedAt = state?.loadedAt ? state.syncedAt : null;
    return await decide<Rec<K>>(
      numbers.map(() => syncedAt),
      numbers.map(() => patienceOf(read, null)),
      // The records of a look-up by number are those of the facet's read.
      (positions) => replica.answerByNumber(departmentId, kept, numbersAt(positions)),
      async (positions) => {
        const asked = numbersAt(positions);
        const reply: SourceAnswer<Rec<K>> = await source.read(read, asked, scope);
        const known = await fromFiles(reply, () => replica.fromFilesByNumber(departmentId, kept, asked));
        return addFileRecords(kept, reply, known, []);
      },
    );
  };

  return {
    ...source,
    maxAgeSeconds: options.maxAgeSeconds,
    async read<K extends ReadName>(
      read: K,
      requests: readonly SourceReads[K]['request'][],
      scope: CallScope,
    ): Promise<SourceAnswer<Rec<K>>> {
      if (!source.reads.has(read) || requests.length === 0) return await source.read(read, requests, scope);
      if (isByNumber(read)) {
        return await readNumbers(read, requests as readonly string[], scope);
      }
      if (isReplicated(read)) {
        return await readSubjects(read, requests as readonly SubjectReference[], scope);
      }
      return await source.read(read, requests, scope);
    },
    async settled() {
      while (learning.size > 0) await Promise.all(learning);
    },
  };
}
