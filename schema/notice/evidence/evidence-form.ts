/**
 * An evidence pack as it lies in a file: all that is on record of one notice, with the keys to check it. The form is
 * strict, so that nothing travels in a pack that the verifier does not look at.
 */
import { z } from 'zod';
import { ATTEMPT_OUTCOMES, MESSAGE_STATES, type Message } from '../../delivery/message.ts';
import { INSTITUTION_KINDS, LIST_TYPES, SEVERITIES } from '../../records.ts';
import { PublicKeyForm, type PublicKey } from '../../signing/public-key.ts';
import { SIGNATURE_ALGORITHMS, type SignatureRecord } from '../../signing/signature.ts';
import { CalendarDateForm, InstantForm } from '../../time/time-forms.ts';
import {
  DELIVERY_STATES,
  FEEDBACK_RESULTS,
  NOTICE_STATES,
  VOICES,
  type Delivery,
  type Notice,
  type NoticeContent,
  type NoticeEvent,
} from '../notice.ts';

export const EVIDENCE = 'joint-credit-hub/evidence/1';

/** What the pack keeps of the case; left out is what only serves the hub's own work. */
export type EvidenceNotice = { readonly id: string } & Pick<
  Notice,
  | 'number'
  | 'determinerId'
  | 'subject'
  | 'state'
  | 'version'
  | 'versions'
  | 'deliveries'
  | 'publishedAt'
  | 'ending'
  | 'closedAt'
  | 'createdAt'
  | 'createdBy'
  | 'eventCount'
  | 'lastChain'
  | 'recipientIds'
>;

/** An event with its number in the log of all notices; null for the newest ones that are not numbered yet. */
export type EvidenceEvent = NoticeEvent & { readonly number: number | null };

/** The very text that was signed, for readers that cannot build it themselves. */
export interface SignedText {
  readonly part: 'VERSION' | 'ENDING';
  readonly version: number;
  readonly text: string;
}

export interface Evidence {
  readonly form: typeof EVIDENCE;
  readonly exportedAt: Date;
  readonly notice: EvidenceNotice;
  /** Oldest first. */
  readonly events: readonly EvidenceEvent[];
  /** Versions, oldest first, then the end. */
  readonly signedTexts: readonly SignedText[];
  /** Of the determining department and of the hub. */
  readonly publicKeys: readonly PublicKey[];
  /** The hub's signature over the canonical form of everything else. */
  readonly seal: SignatureRecord;
}

const Count = z.int().nonnegative();
const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'is no SM3 digest');
const Instant = InstantForm;
const Text = z.string();

const SignatureForm: z.ZodType<SignatureRecord> = z.strictObject({
  algorithm: z.enum(SIGNATURE_ALGORITHMS),
  keyId: Text,
  value: Text,
});

const Content: z.ZodType<NoticeContent> = z.strictObject({
  decisionNumber: Text,
  decidedOn: CalendarDateForm,
  listType: z.enum(LIST_TYPES).nullable(),
  severity: z.enum(SEVERITIES),
  factsSummary: Text,
  measures: z.array(
    z.strictObject({
      measureId: Text,
      name: Text,
      nameZh: Text,
      basis: Text,
      catalogueEdition: Text,
      responsibleId: Text,
    }),
  ),
  startDate: CalendarDateForm,
  endDate: CalendarDateForm,
  recipients: z.array(z.strictObject({ departmentId: Text, mandatory: z.boolean() })),
});

const MessageForm: z.ZodType<Message> = z.strictObject({
  id: Text,
  kind: Text,
  departmentId: Text,
  state: z.enum(MESSAGE_STATES),
  eventId: Text,
  position: Count.nullable(),
  createdAt: Instant,
  nextAttemptAt: Instant,
  attempts: z.array(
    z.strictObject({
      startedAt: Instant,
      leasedUntil: Instant,
      endedAt: Instant.nullable(),
      outcome: z.enum(ATTEMPT_OUTCOMES).nullable(),
      channel: Text,
      httpStatus: Count.nullable(),
      detail: Text.nullable(),
      receiptNumber: Text.nullable(),
      replyDigest: Digest.nullable(),
    }),
  ),
  repeatedAt: Instant.nullable(),
  settledAt: Instant.nullable(),
});

const DeliveryForm: z.ZodType<Delivery> = z.strictObject({
  id: Text,
  version: Count,
  departmentId: Text,
  mandatory: z.boolean(),
  measureIds: z.array(Text),
  state: z.enum(DELIVERY_STATES),
  superseded: z.boolean(),
  signBy: Instant,
  feedbackBy: Instant,
  liftBy: Instant.nullable(),
  sentAt: Instant.nullable(),
  signedAt: Instant.nullable(),
  returnReason: Text.nullable(),
  liftConfirmedAt: Instant.nullable(),
  feedback: z.array(
    z.strictObject({
      measureId: Text,
      result: z.enum(FEEDBACK_RESULTS),
      caseCount: Count,
      executedAt: Instant.nullable(),
      description: Text.nullable(),
      receivedAt: Instant,
    }),
  ),
  acts: z.array(
    z.strictObject({
      kind: z.enum(['SIGNED', 'RETURNED', 'FED_BACK', 'LIFT_CONFIRMED']),
      at: Instant,
      actor: Text,
      voice: z.enum(VOICES),
      receipt: Digest,
      wordId: Text.exactOptional(),
    }),
  ),
  messages: z.array(MessageForm),
  alerts: z.array(Text),
});

const NoticeForm: z.ZodType<EvidenceNotice> = z.strictObject({
  id: Text,
  number: Text,
  determinerId: Text,
  subject: z.strictObject({
    creditCode: Text,
    name: Text,
    regionCode: Text.nullable(),
    kinds: z.array(z.enum(INSTITUTION_KINDS)),
    registeredAsOf: Instant,
  }),
  state: z.enum(NOTICE_STATES),
  version: Count,
  versions: z.array(
    z.strictObject({ version: Count, content: Content, issuedAt: Instant, issuedBy: Text, signature: SignatureForm }),
  ),
  deliveries: z.array(DeliveryForm),
  publishedAt: Instant.nullable(),
  ending: z
    .strictObject({
      kind: z.enum(['LIFTED', 'EXPIRED', 'WITHDRAWN']),
      reason: Text,
      at: Instant,
      actor: Text,
      signature: SignatureForm,
    })
    .nullable(),
  closedAt: Instant.nullable(),
  createdAt: Instant,
  createdBy: Text,
  eventCount: Count,
  lastChain: Digest,
  recipientIds: z.array(Text),
});

const EventForm: z.ZodType<EvidenceEvent> = z.strictObject({
  number: z.int().positive().nullable(),
  eventId: Text,
  kind: Text,
  at: Instant,
  actor: Text,
  noticeId: Text,
  ordinal: Count,
  version: Count,
  state: z.enum(NOTICE_STATES),
  departmentId: Text.nullable(),
  detail: Text.nullable(),
  subjectCode: Text,
  regionCode: Text.nullable(),
  determinerId: Text,
  recipientIds: z.array(Text),
  chain: Digest,
});

export const EvidenceForm: z.ZodType<Evidence> = z.strictObject({
  form: z.literal(EVIDENCE),
  exportedAt: Instant,
  notice: NoticeForm,
  events: z.array(EventForm),
  signedTexts: z.array(z.strictObject({ part: z.enum(['VERSION', 'ENDING']), version: Count, text: Text })),
  publicKeys: z.array(PublicKeyForm),
  seal: SignatureForm,
});
