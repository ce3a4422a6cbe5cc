/** A department as the hub knew it at a time: every question is answered from the replica, and nobody is called. */
import { HubError } from '../errors.ts';
import {
  REPLICATED_READS,
  type CallScope,
  type DepartmentSource,
  type DirectoryAnswer,
  type ReadName,
  type ReplicatedRead,
  type Silence,
  type SourceAnswer,
  type SourceReads,
  type SubjectReference,
} from '../ports.ts';
import { feedOf } from '../replica/facts.ts';
import type { Replica } from '../replica/replica.ts';
import { silence, tooLate } from '../replica/replica-silence.ts';
import { formatInstant } from '../time/instant.ts';

/** Reads of one institution; look-ups by number are not part of an institution. */
const isKept = (read: ReadName): read is Exclude<ReplicatedRead, 'certificates'> =>
  read !== 'certificates' && (REPLICATED_READS as readonly ReadName[]).includes(read);

/**
 * @returns a source of the same reads; unlike a department it rejects when the replica itself fails, for then there is
 * nothing else to show
 */
export function sourceKnownAt(source: DepartmentSource, replica: Replica, asOf: Date): DepartmentSource {
  const { department } = source;

  /** Why nothing can be said about a kind of record; null when it can. */
  const unknown = async (read: ReplicatedRead): Promise<Silence | null> => {
    const state = (await replica.knownStates()).get(feedOf(department.id, read));
    const since = state?.firstLoadedAt ?? null;
    if (since !== null && since <= asOf) return null;
    const when = since === null ? 'The hub has never read' : `Before ${formatInstant(since)} the hub had not read`;
    return silence('SOURCE_UNAVAILABLE', `${when} the ${read} of ${department.name} in full.`);
  };

  return {
    ...source,
    async read<K extends ReadName>(
      name: K,
      requests: readonly SourceReads[K]['request'][],
      scope: CallScope,
    ): Promise<SourceAnswer<SourceReads[K]['record']>> {
      if (!source.reads.has(name)) return { status: 'UNSUPPORTED' };
      if (!isKept(name) || !source.changeFeeds.has(name))
        return silence('UNSUPPORTED', `The hub keeps no earlier ${name} of ${department.name}.`);
      const answer = async (): Promise<SourceAnswer<SourceReads[K]['record']>> => {
        const reason = await unknown(name);
        if (reason !== null) return reason;
        const subjects = requests as readonly SubjectReference[];
        const sets = await replica.answerKnownAt(department.id, name, subjects, asOf);
        return { status: 'EACH', answers: sets.map((set) => ({ status: 'REPLICA', asOf, set, reason: null })) };
      };
      return await Promise.race([answer(), tooLate(scope)]);
    },
    async directory(): Promise<DirectoryAnswer> {
      const reason = await unknown('institutions');
      if (reason !== null) throw new HubError(reason.code, reason.reason);
      return { asOf, entries: await replica.directoryKnownAt(department.id, asOf), malformed: [] };
    },
  };
}
