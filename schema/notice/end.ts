/** How a notice ends: lifted from now on, expired with its last day, or withdrawn as if it had never been. */
import { cancelMessage } from '../delivery/message.ts';
import type { NoticeChange } from './change.ts';
import { endDelivery, mayBeKnown } from './deliveries.ts';
import { IN_HANDS_OF_RECIPIENTS } from './derive.ts';
import type { Delivery, NoticeEnding, NoticeState } from './notice.ts';

const LIFTABLE: readonly NoticeState[] = [...IN_HANDS_OF_RECIPIENTS, 'REPAIR_PENDING'];
const WITHDRAWABLE: readonly NoticeState[] = ['DETERMINED', 'PARTY_NOTIFIED', 'OBJECTION', ...LIFTABLE];

/** Still to be confirmed by its recipient. */
const awaitsConfirmation = ({ liftBy, liftConfirmedAt }: Delivery): boolean =>
  liftBy !== null && liftConfirmedAt === null;

/** Closes an ended notice once nobody is left to confirm. */
export function closeWhenConfirmed(change: NoticeChange): void {
  const { ending, closedAt, deliveries } = change.notice;
  if (ending === null || closedAt !== null || deliveries.some(awaitsConfirmation)) return;
  change.set({ closedAt: change.now });
  change.emit('ALL_CONFIRMED');
}

/** What each recipient holds that has not been ended before, oldest first. */
function standingByRecipient(deliveries: readonly Delivery[]): readonly (readonly Delivery[])[] {
  const standing = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    // A recipient that a later version dropped has been told; what came after that is another matter.
    const own = delivery.liftBy === null ? [...(standing.get(delivery.departmentId) ?? []), delivery] : [];
    standing.set(delivery.departmentId, own);
  }
  return [...standing.values()].filter((own) => own.length > 0);
}

/** Tells every recipient that ever received any version: by the latest delivery of which it may know. */
function endDeliveries(change: NoticeChange, kind: 'LIFT' | 'WITHDRAWAL'): void {
  for (const own of standingByRecipient(change.notice.deliveries)) {
    const carrier = own.findLast(mayBeKnown) ?? own.at(-1);
    for (const { id, messages } of own) {
      if (id === carrier?.id) endDelivery(change, id, kind);
      else change.setDelivery(id, { messages: messages.map((message) => cancelMessage(message, change.now)) });
    }
  }
}

/** @param ending signed by the determining department */
export function lift(change: NoticeChange, ending: NoticeEnding): void {
  change.demandState(LIFTABLE, 'lift');
  change.set({ ending });
  change.advance(LIFTABLE, 'LIFTED', 'lift', ending.kind === 'EXPIRED' ? ending.kind : ending.reason);
  endDeliveries(change, 'LIFT');
  closeWhenConfirmed(change);
}

/** @param ending signed by the determining department */
export function withdraw(change: NoticeChange, ending: NoticeEnding): void {
  change.demandState(WITHDRAWABLE, 'withdraw');
  change.set({ ending });
  change.advance(WITHDRAWABLE, 'WITHDRAWN', 'withdraw', ending.reason);
  endDeliveries(change, 'WITHDRAWAL');
  closeWhenConfirmed(change);
}
