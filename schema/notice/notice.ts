/**
 * A joint-punishment notice (联合惩戒通知) as one aggregate: the case with its versions, its deliveries and the events that
 * are not in the log yet. It is read whole and written whole, in one atomic write. Plain data; what may happen to it is in
 * the files beside this one (domain reference 5.1).
 */
import type { Message } from '../delivery/message.ts';
import type { LogEvent } from '../events/event-log.ts';
import type { InstitutionKind, ListType, Severity } from '../records.ts';
import type { SignatureRecord } from '../signing/signature.ts';
import type { CalendarDate } from '../time/calendar-date.ts';

export const NOTICE_STATES = [
  'DRAFT',
  'DETERMINED',
  'PARTY_NOTIFIED',
  'OBJECTION',
  'PUBLISHED',
  'PUSHED',
  'SIGNED',
  'RETURNED',
  'EXECUTING',
  'FED_BACK',
  'EFFECTIVE',
  'REPAIR_PENDING',
  'LIFTED',
  'WITHDRAWN',
  'ARCHIVED',
  'CANCELLED',
] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

export const DELIVERY_STATES = ['PENDING', 'SENT', 'SIGNED', 'RETURNED', 'EXECUTED', 'CONFIRMED_LIFT', 'DEAD'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export const FEEDBACK_RESULTS = ['EXECUTED', 'PARTLY', 'NOT_APPLICABLE', 'NO_OBJECT', 'FAILED'] as const;
export type FeedbackResult = (typeof FEEDBACK_RESULTS)[number];

export interface NoticeSubject {
  readonly creditCode: string;
  /** As the register named it when the notice was issued. */
  readonly name: string;
  /** GB/T 2260; null where the register does not say. */
  readonly regionCode: string | null;
  readonly kinds: readonly InstitutionKind[];
  /** When the register said so. */
  readonly registeredAsOf: Date;
}

/** A measure of the catalogue in the hands of one department. */
export interface NoticeMeasureRecord {
  readonly measureId: string;
  readonly name: string;
  readonly nameZh: string;
  readonly basis: string;
  readonly catalogueEdition: string;
  readonly responsibleId: string;
}

export interface NoticeRecipient {
  readonly departmentId: string;
  /** The case goes on when all of these have acted. */
  readonly mandatory: boolean;
}

/** What is decided; what the determining department signs. */
export interface NoticeContent {
  readonly decisionNumber: string;
  readonly decidedOn: CalendarDate;
  readonly listType: ListType | null;
  readonly severity: Severity;
  readonly factsSummary: string;
  readonly measures: readonly NoticeMeasureRecord[];
  readonly startDate: CalendarDate;
  readonly endDate: CalendarDate;
  readonly recipients: readonly NoticeRecipient[];
}

export interface NoticeVersion {
  readonly version: number;
  readonly content: NoticeContent;
  readonly issuedAt: Date;
  readonly issuedBy: string;
  /** Over the canonical form of `signedNotice`. */
  readonly signature: SignatureRecord;
}

/** Through which door a recipient spoke. */
export const VOICES = ['MUTATION', 'EXCHANGE_ROW', 'SOAP_REPLY'] as const;
export type Voice = (typeof VOICES)[number];

/** A recipient's own word: the receipt of what it did. */
export interface RecipientAct {
  readonly kind: 'SIGNED' | 'RETURNED' | 'FED_BACK' | 'LIFT_CONFIRMED';
  readonly at: Date;
  readonly actor: string;
  readonly voice: Voice;
  /** SM3 of what was received, hex. */
  readonly receipt: string;
  /** The department's own number of the row or reply in which it was said; absent where it has none. */
  readonly wordId?: string;
}

export interface MeasureFeedbackRecord {
  readonly measureId: string;
  readonly result: FeedbackResult;
  readonly caseCount: number;
  readonly executedAt: Date | null;
  readonly description: string | null;
  readonly receivedAt: Date;
}

/** One version of a notice to one recipient. */
export interface Delivery {
  /** "<notice>.<version>.<department>". */
  readonly id: string;
  readonly version: number;
  readonly departmentId: string;
  readonly mandatory: boolean;
  readonly measureIds: readonly string[];
  readonly state: DeliveryState;
  /** A later version took its place; what was signed stays on record. */
  readonly superseded: boolean;
  readonly signBy: Date;
  readonly feedbackBy: Date;
  /** By when the end of the notice must be confirmed; null while it stands. */
  readonly liftBy: Date | null;
  readonly sentAt: Date | null;
  readonly signedAt: Date | null;
  readonly returnReason: string | null;
  readonly liftConfirmedAt: Date | null;
  /** Of each measure what was reported last, in order of measure. */
  readonly feedback: readonly MeasureFeedbackRecord[];
  readonly acts: readonly RecipientAct[];
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** Clock events that have been raised. */
  readonly alerts: readonly string[];
}

/** LIFTED: from now on. EXPIRED: lifted by the calendar. WITHDRAWN: as if it had never been. */
export interface NoticeEnding {
  readonly kind: 'LIFTED' | 'EXPIRED' | 'WITHDRAWN';
  readonly reason: string;
  readonly at: Date;
  readonly actor: string;
  readonly signature: SignatureRecord;
}

export interface NoticeEvent extends LogEvent {
  readonly kind: string;
  readonly at: Date;
  readonly actor: string;
  readonly noticeId: string;
  /** 1, 2, 3 ... within the notice. */
  readonly ordinal: number;
  readonly version: number;
  /** State of the notice after it. */
  readonly state: NoticeState;
  /** The recipient whom it concerns; null when it concerns the case. */
  readonly departmentId: string | null;
  readonly detail: string | null;
  readonly subjectCode: string;
  readonly regionCode: string | null;
  readonly determinerId: string;
  /** Everybody who ever was a recipient, then; nobody before it is published. */
  readonly recipientIds: readonly string[];
  /** SM3 over the previous event's digest and this event, hex: the notice's own chain. */
  readonly chain: string;
}

export interface Notice {
  readonly _id: string;
  /** Raised by every write; a writer that read an older one tries again. */
  readonly revision: number;
  /** "LHCJ..." */
  readonly number: string;
  readonly determinerId: string;
  readonly idempotencyKey: string;
  /** SM3 of what was asked for, so that the same key with other content is told apart. */
  readonly inputDigest: string;
  readonly subject: NoticeSubject;
  readonly state: NoticeState;
  readonly version: number;
  readonly versions: readonly NoticeVersion[];
  /** Of all versions, oldest first. */
  readonly deliveries: readonly Delivery[];
  readonly publishedAt: Date | null;
  /** State to which a refused repair goes back. */
  readonly stateBeforeRepair: NoticeState | null;
  readonly ending: NoticeEnding | null;
  /** When the last recipient confirmed the end. */
  readonly closedAt: Date | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly eventCount: number;
  readonly lastChain: string;
  /** Not in the log yet, oldest first. */
  readonly pendingEvents: readonly NoticeEvent[];
  readonly hasPending: boolean;
  /** Since when its oldest pending event waits; null when none does. */
  readonly pendingSince: Date | null;
  /** Everybody who ever was a recipient; nobody before it is published. */
  readonly recipientIds: readonly string[];
  /** Some recipient has let its time pass. */
  readonly overdue: boolean;
  /** Departments with an open message. */
  readonly openLanes: readonly string[];
  /** Some message is open. */
  readonly hasOpen: boolean;
  /** Some message is dead. */
  readonly hasDead: boolean;
  /** When the clock has something to do next; null = never. */
  readonly nextClockAt: Date | null;
}

/** The version that stands. */
export function currentVersion({ _id, versions }: Pick<Notice, '_id' | 'versions'>): NoticeVersion {
  const current = versions.at(-1);
  if (current === undefined) throw new Error(`notice ${_id} has no version`);
  return current;
}

/** Deliveries of the version that stands. */
export const currentDeliveries = ({ deliveries }: Pick<Notice, 'deliveries'>): readonly Delivery[] =>
  deliveries.filter(({ superseded }) => !superseded);

/**
 * Every department that is or was a recipient. Before the notice is published there is none, whomever a draft names:
 * recipients act on what is pushed to them (domain reference 5.1), and what may come to nothing is not theirs to read.
 */
export function recipientsOf({
  versions,
  deliveries,
  publishedAt,
}: Pick<Notice, 'versions' | 'deliveries' | 'publishedAt'>): readonly string[] {
  if (publishedAt === null) return [];
  const addressed = [...deliveries, ...(versions.at(-1)?.content.recipients ?? [])];
  return [...new Set(addressed.map(({ departmentId }) => departmentId))];
}
