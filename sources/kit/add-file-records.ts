/** A live answer does not have what only an imported file has shown; such records join it with their own provenance. */
import type { RecordSet, ReplicatedRead, SourceAnswer, SourceReads } from '../../schema/ports.ts';
import { keysOf } from '../../schema/replica/facts.ts';

type Rec<K extends ReplicatedRead> = SourceReads[K]['record'];

function joined<K extends ReplicatedRead>(
  read: K,
  set: RecordSet<Rec<K>>,
  fromFiles: readonly Rec<K>[],
  limit: number | null,
): RecordSet<Rec<K>> {
  const shown = new Set(set.records.map(({ provenance }) => provenance.sourceRecordId));
  const added = fromFiles.filter(({ provenance }) => !shown.has(provenance.sourceRecordId));
  if (added.length === 0) return set;
  const sortKeyOf = (record: Rec<K>): string => keysOf(read, record).sortKey;
  const records = [...set.records, ...added].sort((a, b) => {
    const [left, right] = [sortKeyOf(a), sortKeyOf(b)];
    return left === right ? 0 : left > right ? -1 : 1;
  });
  return { ...set, records: limit === null ? records : records.slice(0, limit) };
}

/**
 * @param read the read whose records they are
 * @param fromFiles one list per request of the call, newest first; null = no file ever brought any
 * @param limits how many records each request asks for at most; null = all
 */
export function addFileRecords<K extends ReplicatedRead>(
  read: K,
  answer: SourceAnswer<Rec<K>>,
  fromFiles: readonly (readonly Rec<K>[])[] | null,
  limits: readonly (number | null)[],
): SourceAnswer<Rec<K>> {
  if (answer.status !== 'LIVE' || fromFiles === null) return answer;
  const sets = answer.sets.map((set, index) => joined(read, set, fromFiles[index] ?? [], limits[index] ?? null));
  return { ...answer, sets };
}
