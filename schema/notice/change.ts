/**
 * One change of a notice: what a command does to it, with the events that tell of it. Nothing is written here; the store
 * writes the whole outcome at once. A command that changes nothing emits nothing.
 */
import { HubError } from '../errors.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import { sm3Hex } from '../signing/sm3.ts';
import { derived } from './derive.ts';
import { recipientsOf, type Delivery, type Notice, type NoticeEvent, type NoticeState } from './notice.ts';

interface Told {
  readonly departmentId?: string;
  readonly detail?: string;
}

/** What comes before the first event of a notice. */
export const CHAIN_START = sm3Hex('');

/** @returns the digest that ties this event to the one before it */
export function chainOf(previous: string, event: Omit<NoticeEvent, 'chain'>): string {
  return sm3Hex(`${previous}${canonicalJson(event)}`);
}

export class NoticeChange {
  #notice: Notice;
  readonly #before: Notice;
  /** The last state of the case of which an event tells. */
  #toldState: NoticeState;

  constructor(
    notice: Notice,
    /** Who acts: the caller's name, or "hub". */
    readonly actor: string,
    readonly now: Date,
  ) {
    this.#notice = notice;
    this.#before = notice;
    this.#toldState = notice.state;
  }

  get notice(): Notice {
    return this.#notice;
  }

  get isChanged(): boolean {
    return this.#notice !== this.#before;
  }

  set(part: Partial<Omit<Notice, '_id' | 'revision' | 'number' | 'deliveries'>>): void {
    this.#notice = { ...this.#notice, ...part };
  }

  /** Moves the case on and tells so. @throws HubError NOTICE_STATE when it is in none of these states */
  advance(from: readonly NoticeState[], to: NoticeState, act: string, detail?: string): void {
    this.demandState(from, act);
    this.set({ state: to });
    this.#toldState = to;
    this.emit(to, detail === undefined ? {} : { detail });
  }

  /** Tells of the state that the deliveries now amount to, if it is another one. */
  tellState(): void {
    const { state } = derived(this.#notice, this.now);
    if (state === this.#toldState) return;
    this.#toldState = state;
    this.emit(state);
  }

  demandState(allowed: readonly NoticeState[], act: string): void {
    const { state, number } = this.#notice;
    if (allowed.includes(state)) return;
    throw new HubError(
      'NOTICE_STATE',
      `Notice ${number} is ${state}; "${act}" is possible from ${allowed.join(', ')}.`,
      {
        details: { state },
      },
    );
  }

  deliveryOf(deliveryId: string): Delivery {
    const delivery = this.#notice.deliveries.find(({ id }) => id === deliveryId);
    if (delivery !== undefined) return delivery;
    throw new HubError('INPUT_INVALID', `There is no delivery ${deliveryId}.`);
  }

  addDelivery(delivery: Delivery): void {
    this.#notice = { ...this.#notice, deliveries: [...this.#notice.deliveries, delivery] };
  }

  setDelivery(deliveryId: string, part: Partial<Delivery>): void {
    const deliveries = this.#notice.deliveries.map((each) => (each.id === deliveryId ? { ...each, ...part } : each));
    this.#notice = { ...this.#notice, deliveries };
  }

  /** Id of the event that {@link emit} makes next. */
  get nextEventId(): string {
    return `${this.#notice._id}.${this.#notice.eventCount + 1}`;
  }

  /** Tells what has happened, with the notice as it now is. @returns the event's id */
  emit(kind: string, { departmentId, detail }: Told = {}): string {
    // The state that the deliveries amount to is part of what is told.
    const notice = { ...this.#notice, ...derived(this.#notice, this.now) };
    const event: Omit<NoticeEvent, 'chain'> = {
      eventId: this.nextEventId,
      kind,
      at: this.now,
      actor: this.actor,
      noticeId: notice._id,
      ordinal: notice.eventCount + 1,
      version: notice.version,
      state: notice.state,
      departmentId: departmentId ?? null,
      detail: detail ?? null,
      subjectCode: notice.subject.creditCode,
      regionCode: notice.subject.regionCode,
      determinerId: notice.determinerId,
      recipientIds: recipientsOf(notice),
    };
    const chain = chainOf(notice.lastChain, event);
    this.#notice = {
      ...notice,
      eventCount: notice.eventCount + 1,
      lastChain: chain,
      pendingEvents: [...notice.pendingEvents, { ...event, chain }],
    };
    return event.eventId;
  }

  /** The notice as it is to be written, with what follows from its parts. */
  outcome(): Notice {
    if (this.isChanged) this.tellState();
    return { ...this.#notice, ...derived(this.#notice, this.now) };
  }
}
