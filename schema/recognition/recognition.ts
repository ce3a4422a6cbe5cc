/**
 * A recognition (采信/互认): one department's decision to rely on a report or certificate, which the others treat as their
 * own. One aggregate, read whole and written whole: the decisions with what they rest on, what stands against them since,
 * and what each relying department has been told. Plain data; what may happen to it is in the files beside this one
 * (domain reference 5.3).
 */
import type { Aggregate } from '../aggregate/aggregate.ts';
import type { Message } from '../delivery/message.ts';
import type { LogEvent } from '../events/event-log.ts';
import type { DeliveryState, NoticeSubject, RecipientAct } from '../notice/notice.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import type { Cause, ReasonCode } from './check.ts';
import type { Judgement, Outcome } from './decide.ts';
import type { Evidence, RecognitionKind } from './evidence.ts';
import type { Purpose } from './rules.ts';

export const RECOGNITION_STATES = [
  'SUBMITTED',
  'VERIFYING',
  'RECOGNIZED',
  'REJECTED',
  'NEED_MORE',
  'SYNCED',
  'SUSPENDED',
  'REVOKED',
  'EXPIRED',
] as const;
export type RecognitionState = (typeof RECOGNITION_STATES)[number];

/** What relying departments are told. */
export const TOLD_STATES = ['RECOGNIZED', 'SUSPENDED', 'REVOKED'] as const satisfies readonly RecognitionState[];
export type ToldState = (typeof TOLD_STATES)[number];

/** AUTO: the checks settled it. MANUAL: a person did. */
export const MANNERS = ['AUTO', 'MANUAL'] as const;

export interface Decision {
  readonly at: Date;
  readonly actor: string;
  readonly manner: (typeof MANNERS)[number];
  readonly outcome: Outcome;
  /** A person's; null with AUTO. */
  readonly reason: string | null;
  /** What the checks found, by which rules. */
  readonly judgement: Judgement;
  /** What was seen; the judgement can be made again from it. */
  readonly evidence: Evidence;
}

/** Something that stands against a recognition since it was made. */
export interface Hold {
  readonly code: ReasonCode;
  readonly cause: Cause;
  readonly consequence: 'SUSPEND' | 'REVOKE';
  readonly detail: string;
}

/** Something that happened after the day of the report: the recognition stands, a person should look at it. */
export interface ReviewFlag {
  readonly code: ReasonCode;
  readonly detail: string;
}

export interface Revocation {
  readonly reason: string;
  readonly at: Date;
  readonly actor: string;
}

/** A relying department. */
export interface SyncTarget {
  readonly departmentId: string;
  /** Of what it was told last. CONFIRMED_LIFT: it has undone it, or never heard of it. */
  readonly state: DeliveryState;
  /** Since when. */
  readonly at: Date;
  /** What it is to know; null before anything was recognised. */
  readonly told: ToldState | null;
  readonly confirmBy: Date | null;
  /** Oldest first. */
  readonly messages: readonly Message[];
  readonly acts: readonly (Pick<RecipientAct, 'at' | 'actor' | 'voice' | 'receipt'> & { readonly state: ToldState })[];
  /** It let the time to confirm pass, and that has been told. */
  readonly isOverdue: boolean;
}

export interface RecognitionEvent extends LogEvent {
  readonly kind: string;
  readonly at: Date;
  readonly actor: string;
  readonly recognitionId: string;
  /** 1, 2, 3 ... within the recognition. */
  readonly ordinal: number;
  /** State of the recognition after it. */
  readonly state: RecognitionState;
  /** The relying department whom it concerns; null when it concerns the recognition. */
  readonly departmentId: string | null;
  readonly detail: string | null;
  readonly institutionCode: string;
  readonly regionCode: string | null;
  readonly requesterId: string;
  readonly targetIds: readonly string[];
}

export interface Recognition extends Aggregate<RecognitionEvent> {
  readonly kind: RecognitionKind;
  /** Of the report or certificate. */
  readonly number: string;
  readonly presentedDigest: string | null;
  /** Whose report or certificate it is. */
  readonly institution: NoticeSubject;
  readonly requesterId: string;
  readonly purpose: Purpose;
  readonly idempotencyKey: string;
  /** SM3 of what was asked for, so that the same key with other content is told apart. */
  readonly inputDigest: string;
  readonly state: RecognitionState;
  /** Oldest first. */
  readonly decisions: readonly Decision[];
  /** The last day on which it may be relied on. */
  readonly validTo: CalendarDate | null;
  readonly holds: readonly Hold[];
  readonly flags: readonly ReviewFlag[];
  /** By a person; final. */
  readonly revocation: Revocation | null;
  /** Since when it is REVOKED; null while it is not. */
  readonly revokedAt: Date | null;
  readonly expiredAt: Date | null;
  readonly targets: readonly SyncTarget[];
  /** By when a person must have decided; null when nobody waits. */
  readonly decideBy: Date | null;
  readonly isDecisionOverdue: boolean;
  /** When what it rests on is to be looked at again, because a source was silent; null = when something changes. */
  readonly recheckAt: Date | null;
  /** How often something about the institution has changed since it was recognised; see `markChanged` of the store. */
  readonly changeCount: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly eventCount: number;
  /** Some message is open. */
  readonly hasOpen: boolean;
  /** Some message is dead. */
  readonly hasDead: boolean;
  readonly targetIds: readonly string[];
  /** The institution, as long as what happens to it can still change the recognition; null afterwards. */
  readonly restsOn: string | null;
  /** When the clock has something to do next; null = never. */
  readonly nextClockAt: Date | null;
}

/** The decision that stands. */
export function lastDecision({ _id, decisions }: Pick<Recognition, '_id' | 'decisions'>): Decision {
  const last = decisions.at(-1);
  if (last === undefined) throw new Error(`recognition ${_id} has no decision`);
  return last;
}
