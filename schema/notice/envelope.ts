/** What goes out to a recipient: the same bytes on every attempt. */
import type { Message } from '../delivery/message.ts';
import type { Envelope } from '../delivery/ports.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import type { SignatureRecord } from '../signing/signature.ts';
import type { Delivery, Notice, NoticeVersion } from './notice.ts';
import { signedEnding, signedNotice } from './signed-form.ts';
import { TIME_LIMITS } from './time-limits.ts';

const TYPES: Readonly<Record<string, string>> = {
  NOTICE: 'notice.issued',
  LIFT: 'notice.lifted',
  WITHDRAWAL: 'notice.withdrawn',
};

/** The later version that no longer names the recipient; undefined for one that it still concerns. */
const versionWithout = ({ versions }: Notice, { version, departmentId }: Delivery): NoticeVersion | undefined =>
  versions.find(
    (each) => each.version > version && !each.content.recipients.some((one) => one.departmentId === departmentId),
  );

/** A recipient that a later version dropped is shown that version; all others are shown the end. */
function signedPart(
  notice: Notice,
  delivery: Delivery,
  { kind }: Message,
): { readonly signedText: string; readonly signature: SignatureRecord } {
  const own = notice.versions.find(({ version }) => version === delivery.version);
  const shown = kind === 'NOTICE' ? own : versionWithout(notice, delivery);
  if (shown !== undefined) return { signedText: signedNotice(notice, shown), signature: shown.signature };
  if (notice.ending !== null) {
    return { signedText: signedEnding(notice, notice.ending), signature: notice.ending.signature };
  }
  throw new Error(`notice ${notice._id} has nothing to show for delivery ${delivery.id}`);
}

/** @throws Error when the message belongs to no version and no end of the notice */
export function envelopeOf(notice: Notice, delivery: Delivery, message: Message): Envelope {
  const { subject, determinerId, number } = notice;
  const type = TYPES[message.kind] ?? message.kind;
  const { signedText, signature } = signedPart(notice, delivery, message);
  const fields = {
    id: message.id,
    type,
    deliveryId: delivery.id,
    noticeId: notice._id,
    number,
    version: delivery.version,
    determiner: determinerId,
    recipient: delivery.departmentId,
    mandatory: delivery.mandatory,
    subjectCode: subject.creditCode,
    subjectName: subject.name,
    measureIds: delivery.measureIds,
    createdAt: message.createdAt,
    signWithinWorkingDays: TIME_LIMITS.signWorkingDays,
    feedbackWithinWorkingDays: TIME_LIMITS.feedbackWorkingDays,
    confirmWithinWorkingDays: message.kind === 'WITHDRAWAL' ? TIME_LIMITS.undoWorkingDays : TIME_LIMITS.liftWorkingDays,
    signedText,
    signature,
  };
  return { id: message.id, type, body: canonicalJson(fields), fields };
}
