/** Makes an evidence pack of a notice: everything that a court or a partner needs, readable without the hub. */
import { HubError } from '../../errors.ts';
import type { EventLog, Numbered } from '../../events/event-log.ts';
import { canonicalJson } from '../../signing/canonical-json.ts';
import type { KeyRing } from '../../signing/key-ring.ts';
import { HUB_OWNER } from '../../signing/public-key.ts';
import type { CanonicalJson } from '../../signing/signature.ts';
import type { NoticeStore } from '../notice-store.ts';
import type { Notice, NoticeEvent } from '../notice.ts';
import { EVIDENCE, type Evidence, type EvidenceEvent, type EvidenceNotice } from './evidence-form.ts';
import { signedTexts } from './signed-texts.ts';

function keptOf(notice: Notice): EvidenceNotice {
  return {
    id: notice._id,
    number: notice.number,
    determinerId: notice.determinerId,
    subject: notice.subject,
    state: notice.state,
    version: notice.version,
    versions: notice.versions,
    deliveries: notice.deliveries,
    publishedAt: notice.publishedAt,
    ending: notice.ending,
    closedAt: notice.closedAt,
    createdAt: notice.createdAt,
    createdBy: notice.createdBy,
    eventCount: notice.eventCount,
    lastChain: notice.lastChain,
    recipientIds: notice.recipientIds,
  };
}

const numbered = ({ _id, ...event }: NoticeEvent & Numbered): EvidenceEvent => ({ ...event, number: _id });

/** @param logged the notice's events in the log: read after the notice, so that none is in neither place */
function eventsOf({ pendingEvents }: Notice, logged: readonly (NoticeEvent & Numbered)[]): readonly EvidenceEvent[] {
  const known = new Set(logged.map(({ eventId }) => eventId));
  const waiting = pendingEvents.filter(({ eventId }) => !known.has(eventId));
  return [...logged.map(numbered), ...waiting.map((event) => ({ ...event, number: null }))];
}

export interface EvidenceParts {
  readonly notices: NoticeStore;
  readonly log: EventLog<NoticeEvent>;
  readonly keys: KeyRing;
  readonly now?: () => Date;
}

/**
 * @param number "LHCJ..."
 * @returns the file's text, to the byte
 * @throws HubError INPUT_INVALID when there is no such notice; SIGNING_UNAVAILABLE when the hub has no key to seal with
 */
export async function exportEvidence(
  { notices, log, keys, now = () => new Date() }: EvidenceParts,
  number: string,
): Promise<CanonicalJson> {
  const notice = await notices.model.findOne({ number }).lean<Notice>();
  if (notice === null) throw new HubError('INPUT_INVALID', 'There is no notice with this number.');
  const logged = await log.where({ noticeId: notice._id }, notice.eventCount);
  const kept = keptOf(notice);
  const content: Omit<Evidence, 'seal'> = {
    form: EVIDENCE,
    exportedAt: now(),
    notice: kept,
    events: eventsOf(notice, logged),
    signedTexts: signedTexts(kept),
    publicKeys: await keys.publicKeys([notice.determinerId, HUB_OWNER]),
  };
  const seal = await keys.sign(HUB_OWNER, Buffer.from(canonicalJson(content)));
  return canonicalJson({ ...content, seal });
}
