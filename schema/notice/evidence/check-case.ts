import { canonicalJson } from '../../signing/canonical-json.ts';
import { formatInstant } from '../../time/instant.ts';
import { recipientsOf, type NoticeEnding } from '../notice.ts';
import type { Evidence, EvidenceEvent } from './evidence-form.ts';

type Parts = Pick<Evidence, 'notice' | 'events'>;

const sameTime = (left: Date | null | undefined, right: Date | null): boolean =>
  (left ?? null)?.getTime() === right?.getTime();

const ofKind = (events: readonly EvidenceEvent[], kind: string): readonly EvidenceEvent[] =>
  events.filter((event) => event.kind === kind);

type Fact = readonly (string | number)[];

const isSame = (left: readonly Fact[], right: readonly Fact[]): boolean => canonicalJson(left) === canonicalJson(right);

/** Each version was issued when the events say, by whom they say: the first with the case, later ones by revision. */
function versionFaults({ notice: { version, versions, createdAt, createdBy }, events }: Parts): readonly string[] {
  const faults = versions.flatMap((each, index) =>
    each.version === index + 1 ? [] : [`version ${index + 1} is missing`],
  );
  if (versions.length !== version) faults.push(`version ${version} stands, ${versions.length} are here`);
  const [first, ...later] = versions.map((each): Fact => [each.version, formatInstant(each.issuedAt), each.issuedBy]);
  const [opening] = events.map((event): Fact => [event.kind, formatInstant(event.at), event.actor]);
  const opened: Fact = ['DRAFT', formatInstant(createdAt), createdBy];
  const isOpenedByFirst = isSame([opened], [['DRAFT', ...(first ?? []).slice(1)]]);
  if (!isOpenedByFirst || !isSame([opened], [opening ?? []])) {
    faults.push('the first version and the event that opens the case differ');
  }
  const revised = ofKind(events, 'REVISED').map((event): Fact => [event.version, formatInstant(event.at), event.actor]);
  if (!isSame(revised, later)) faults.push('versions and events of revision differ');
  return faults;
}

/** The last event tells of the case as it is. */
function presentFaults({ notice, events }: Parts): readonly string[] {
  const last = events.at(-1);
  if (last === undefined) return ['it has no events'];
  const recipientIds = recipientsOf(notice).join();
  const faults: string[] = [];
  if (last.state !== notice.state) faults.push(`the case is ${notice.state}, its last event says ${last.state}`);
  if (last.version !== notice.version) faults.push(`version ${notice.version} stands, the last event is of another`);
  if (notice.recipientIds.join() !== recipientIds) faults.push('its recipients are not those of its versions');
  if (last.recipientIds.join() !== recipientIds) faults.push('the last event names other recipients');
  return faults;
}

/** What the event of an ending says of it. */
const detailOf = ({ kind, reason }: NoticeEnding): string => (kind === 'EXPIRED' ? kind : reason);

function endingFaults({ notice: { ending, closedAt }, events }: Parts): readonly string[] {
  const ends = [...ofKind(events, 'LIFTED'), ...ofKind(events, 'WITHDRAWN')];
  const [end] = ends;
  if (ending === null) return end === undefined ? [] : [`event ${end.ordinal} tells of an end that is not here`];
  const faults: string[] = [];
  const kind = ending.kind === 'WITHDRAWN' ? 'WITHDRAWN' : 'LIFTED';
  const told = ends.map((each): Fact => [each.kind, each.detail ?? '', formatInstant(each.at), each.actor]);
  if (!isSame(told, [[kind, detailOf(ending), formatInstant(ending.at), ending.actor]])) {
    faults.push('the end and the event that tells of it differ');
  }
  const [closed] = ofKind(events, 'ALL_CONFIRMED');
  if (!sameTime(closed?.at, closedAt)) faults.push('closedAt is not the time at which the last recipient confirmed');
  return faults;
}

function publicationFaults({ notice: { publishedAt }, events }: Parts): readonly string[] {
  const [published] = ofKind(events, 'PUBLISHED');
  return sameTime(published?.at, publishedAt) ? [] : ['publishedAt is not the time of the event of publication'];
}

/** Versions, publication, end and state, each as the events tell of it. */
export const caseFaults = (parts: Parts): readonly string[] => [
  ...versionFaults(parts),
  ...publicationFaults(parts),
  ...endingFaults(parts),
  ...presentFaults(parts),
];
