/** What the determining department does with its case, up to publication and in between (domain reference 5.1). */
import { cancelMessage } from '../delivery/message.ts';
import { HubError } from '../errors.ts';
import type { NoticeChange } from './change.ts';
import { endDelivery, mayBeKnown, messageOf, newDelivery } from './deliveries.ts';
import { IN_HANDS_OF_RECIPIENTS } from './derive.ts';
import { currentDeliveries, currentVersion, type NoticeState, type NoticeVersion } from './notice.ts';

/** How far a notice may be taken when it is issued: its own procedure may have been gone through before. */
export const STAGES = ['DRAFT', 'DETERMINED', 'PARTY_NOTIFIED', 'PUBLISHED'] as const satisfies readonly NoticeState[];
export type Stage = (typeof STAGES)[number];

export const determine = (change: NoticeChange): void => change.advance(['DRAFT'], 'DETERMINED', 'determine');

export const notifyParty = (change: NoticeChange): void =>
  change.advance(['DETERMINED'], 'PARTY_NOTIFIED', 'notify the party');

export const raiseObjection = (change: NoticeChange, summary: string): void =>
  change.advance(['PARTY_NOTIFIED'], 'OBJECTION', 'record an objection', summary);

/** The objection holds: the case is determined anew, usually with a new version. Withdrawing is `withdraw`. */
export const allowObjection = (change: NoticeChange, reason: string): void =>
  change.advance(['OBJECTION'], 'DETERMINED', 'allow the objection', reason);

export const cancel = (change: NoticeChange, reason: string): void =>
  change.advance(['DRAFT'], 'CANCELLED', 'cancel', reason);

/** Opens the deliveries of the version that stands. */
function openDeliveries(change: NoticeChange): void {
  const { notice, now } = change;
  const { version, content } = currentVersion(notice);
  for (const recipient of content.recipients) {
    const delivery = newDelivery(notice._id, version, content, recipient, now);
    change.addDelivery({ ...delivery, messages: [messageOf(change, delivery, 'NOTICE')] });
    change.emit('DELIVERY_QUEUED', { departmentId: recipient.departmentId });
  }
}

/** Publishes, also over an objection that does not hold; from then on it is pushed to its recipients. */
export function publish(change: NoticeChange, detail?: string): void {
  // First, so that the event that tells of it is one that its recipients see.
  change.set({ publishedAt: change.now });
  change.advance(['PARTY_NOTIFIED', 'OBJECTION'], 'PUBLISHED', 'publish', detail);
  openDeliveries(change);
}

/** Takes the notice on from DRAFT to where its department has come. */
export function takeTo(change: NoticeChange, stage: Stage): void {
  const steps: readonly (readonly [Stage, (change: NoticeChange) => void])[] = [
    ['DETERMINED', determine],
    ['PARTY_NOTIFIED', notifyParty],
    ['PUBLISHED', (each) => publish(each)],
  ];
  for (const [reached, step] of steps) {
    if (STAGES.indexOf(reached) <= STAGES.indexOf(stage)) step(change);
  }
}

/**
 * Puts a new version in the place of the one that stands. Recipients get the new one; what they signed of the old one
 * stays on record. A department that is no recipient any more is told to undo the old one.
 */
export function revise(change: NoticeChange, version: NoticeVersion, reason: string): void {
  change.demandState(['DRAFT', 'DETERMINED', 'PARTY_NOTIFIED', 'OBJECTION', ...IN_HANDS_OF_RECIPIENTS], 'revise');
  const { state, versions, version: last } = change.notice;
  if (version.version !== last + 1)
    throw new HubError('CONFLICT', `Version ${version.version} does not follow ${last}.`);
  const isPublished = IN_HANDS_OF_RECIPIENTS.some((each) => each === state);
  const staying = new Set(version.content.recipients.map(({ departmentId }) => departmentId));
  const replaced = currentDeliveries(change.notice);
  change.set({ version: version.version, versions: [...versions, version] });
  change.emit('REVISED', { detail: reason });
  for (const delivery of replaced) {
    const messages = delivery.messages.map((message) => cancelMessage(message, change.now));
    change.setDelivery(delivery.id, { superseded: true, messages });
    if (!staying.has(delivery.departmentId) && mayBeKnown(delivery)) endDelivery(change, delivery.id, 'WITHDRAWAL');
  }
  if (!isPublished) return;
  openDeliveries(change);
  change.tellState();
}

/** The party has applied for repair; the measures stand until that is decided. */
export function requestRepair(change: NoticeChange, reason: string): void {
  const { state } = change.notice;
  const from: readonly NoticeState[] = ['PUSHED', 'SIGNED', 'EXECUTING', 'FED_BACK', 'EFFECTIVE'];
  change.demandState(from, 'request a repair');
  change.set({ stateBeforeRepair: state });
  change.advance(from, 'REPAIR_PENDING', 'request a repair', reason);
}

/** The repair is refused: the case goes back to where it was. An approved one is lifted. */
export function refuseRepair(change: NoticeChange, reason: string): void {
  change.demandState(['REPAIR_PENDING'], 'refuse the repair');
  const { stateBeforeRepair } = change.notice;
  change.set({ stateBeforeRepair: null });
  change.advance(['REPAIR_PENDING'], stateBeforeRepair ?? 'EFFECTIVE', 'refuse the repair', reason);
}
