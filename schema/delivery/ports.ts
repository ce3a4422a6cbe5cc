/** What the delivery of messages needs of others: who holds them, and ways to a department. */
import type { CallScope, MalformedRecord } from '../ports.ts';
import type { ChannelReply, Message } from './message.ts';

/** Where a message is held; ids only, fit for a queue. */
export interface MessageReference {
  /** Kind of aggregate, e.g. "notice". */
  readonly topic: string;
  readonly aggregateId: string;
  readonly messageId: string;
}

/** What goes out. The same bytes on every attempt, so that a copy can be told from a new message. */
export interface Envelope {
  /** Idempotency key. */
  readonly id: string;
  /** e.g. "notice.issued". */
  readonly type: string;
  /** Canonical JSON (RFC 8785) in UTF-8. */
  readonly body: string;
  /** For channels that have columns or elements of their own instead of a body. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A way to a department. It never rejects: failure is a reply. */
export interface DeliveryChannel {
  /** For people and for the record: "webhook", "exchange-row", "soap". */
  readonly name: string;
  /**
   * Asks for leave to call: the department's rate and how many calls it takes at once. Whoever gets leave gives it back.
   * @returns how long to wait instead, in milliseconds
   */
  admit(departmentId: string): Promise<Admission>;
  deliver(departmentId: string, envelope: Envelope, scope: CallScope): Promise<ChannelReply>;
}

export type Admission =
  { readonly admitted: true; leave(): void } | { readonly admitted: false; readonly waitMs: number };

/**
 * Which way leads to a department now, for a message of this type; null when there is none yet.
 * @param type as the envelope's
 */
export type ChannelOf = (departmentId: string, type: string) => Promise<DeliveryChannel | null>;

export interface HeldMessage {
  readonly message: Message;
  readonly envelope: Envelope;
  /** Messages with one lane leave in order of their positions, one at a time, e.g. "<credit code>|<department>". */
  readonly lane: string;
}

/** Keeps the messages of one topic inside its aggregates. Every change is one atomic write. */
export interface MessageKeeper {
  readonly topic: string;
  /** null when there is no such message (any more). */
  find(reference: MessageReference): Promise<HeldMessage | null>;
  /** Whether an earlier message of the lane is still open. */
  isBlocked(held: HeldMessage): Promise<boolean>;
  /**
   * Claims the message for one call and records that it begins.
   * @param leaseMs after which the call, if it has not ended, is taken for dead
   * @returns null when it is settled, or another process is calling now
   */
  begin(reference: MessageReference, channel: string, leaseMs: number): Promise<HeldMessage | null>;
  /** Records what came of it. @returns the message as it now stands */
  end(reference: MessageReference, reply: ChannelReply): Promise<Message | null>;
  /** The department can be reached again: what is open for it need not wait for its time. @returns what is ready now */
  hurry(departmentId: string): Promise<readonly OpenMessage[]>;
  /** Open messages that have a place, in no particular order. */
  openIn(
    where: { readonly lane: string } | { readonly aggregateIds: readonly string[] },
  ): Promise<readonly OpenMessage[]>;
  /** All of them, page by page: those of the next so many aggregates. @param after as the page before says; null = first */
  openAfter(after: string | null, aggregates: number): Promise<OpenPage>;
}

export interface OpenPage {
  readonly messages: readonly OpenMessage[];
  /** null = there are no more. */
  readonly next: string | null;
}

export interface OpenMessage {
  readonly reference: MessageReference;
  readonly nextAttemptAt: Date;
  readonly position: number;
}

/** A recipient's own word, as it comes by a door of the department's own protocol. */
export interface RecipientWord {
  /** The department's number of the row or reply. */
  readonly wordId: string;
  readonly deliveryId: string;
  readonly kind: 'SIGNED' | 'RETURNED' | 'FED_BACK' | 'LIFT_CONFIRMED';
  /** Who acted there; null where the department does not say. */
  readonly by: string | null;
  /** Why it was returned; null otherwise. */
  readonly reason: string | null;
  /** With FED_BACK, one per measure. */
  readonly feedback: readonly {
    readonly measureId: string;
    readonly result: 'EXECUTED' | 'PARTLY' | 'NOT_APPLICABLE' | 'NO_OBJECT' | 'FAILED';
    readonly caseCount: number;
    readonly executedAt: Date | null;
    readonly description: string | null;
  }[];
  /** SM3 of what was received, hex. */
  readonly receipt: string;
}

export interface WordsPage {
  /** Oldest first. */
  readonly words: readonly RecipientWord[];
  /** Rows that could not be read; the others are kept. */
  readonly malformed: readonly MalformedRecord[];
  /** Continues after this page; null = there is no more now. */
  readonly next: string | null;
}

/** What the hub reports back of a word: taken, or why not. */
export interface WordOutcome {
  readonly wordId: string;
  /** null = taken. */
  readonly refusal: string | null;
}

/** How a department takes notices and answers them, where its own protocol has a way for it. */
export interface NoticeDoor {
  /** For the record: "exchange-row", "soap". */
  readonly channel: string;
  readonly voice: 'EXCHANGE_ROW' | 'SOAP_REPLY';
  /** One call, never repeated here. It never rejects: failure is a reply. */
  deliver(envelope: Envelope, scope: CallScope): Promise<ChannelReply>;
  /**
   * Words that have not been marked as heard.
   * @param after `next` of the page before; null = from the beginning
   * @throws HubError when the department fails
   */
  words(after: string | null, limit: number, scope: CallScope): Promise<WordsPage>;
  /** Marks words so that they do not come again, and says which were refused. May run twice. */
  noteHeard(outcomes: readonly WordOutcome[], scope: CallScope): Promise<void>;
}
