/**
 * What the hub puts on record of each operation. No personal data: institutions and reports by their numbers, persons and
 * vehicles by a keyed digest, variables and answers not at all.
 */
import { z } from 'zod';
import { sm3Hex } from '../signing/sm3.ts';
import { canonicalJson } from '../signing/canonical-json.ts';

export const AUDIT_KINDS = [
  /** Written before anything is done. */
  'OPENED',
  /** A subscription has delivered events since its last record. */
  'PROGRESS',
  /** The end of what was opened, whichever way. */
  'CLOSED',
  /** A read of the public, written afterwards: nobody waits for it. */
  'SERVED',
  /** Refused before anything was done. */
  'REFUSED',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

export const OPERATION_KINDS = ['QUERY', 'MUTATION', 'SUBSCRIPTION', 'COMMAND', 'UNKNOWN'] as const;
export const AUDIT_RESULTS = ['OK', 'PARTIAL', 'FAILED', 'REFUSED'] as const;

const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'is no SM3 digest');
const Count = z.int().nonnegative();
const Text = z.string();

const CallerForm = z.strictObject({
  subject: Text,
  credentialId: Text.nullable(),
  departmentId: Text.nullable(),
  roles: z.array(Text).readonly(),
  /** From where, where the caller could not be told. */
  address: Text.nullable(),
});

const OperationForm = z.strictObject({
  kind: z.enum(OPERATION_KINDS),
  /** As the caller named it; null = not. */
  name: Text.nullable(),
  /** SM3 of the document; null where there was none that could be read. */
  digest: Digest.nullable(),
  /** Fields of the root, or the words of a command. */
  fields: z.array(Text).readonly(),
  /** Whom it asks for, as far as its arguments say: see subject-key.ts. */
  subjects: z.array(Text).readonly(),
});

const OutcomeForm = z.strictObject({
  result: z.enum(AUDIT_RESULTS),
  /** Codes of the errors. */
  codes: z.array(Text).readonly(),
  /** Whose facts were read or changed: see subject-key.ts. */
  subjects: z.array(Text).readonly(),
  /** Subjects beyond those that one record lists. */
  moreSubjects: Count,
  /** Records that departments or the replica gave for it. */
  records: Count,
  /** Questions to departments that were not put, because the caller may not see the facts. */
  denied: Count,
  /** Events delivered, for subscriptions. */
  events: Count,
  /** Calls made for it, by department. */
  upstreamCalls: z.record(Text, Count),
  durationMs: Count,
});

const EntryForm = z.strictObject({
  kind: z.enum(AUDIT_KINDS),
  /** What was opened is closed under the same id: the request id that the caller was given. */
  operationId: Text,
  caller: CallerForm,
  purpose: Text.nullable(),
  caseNumber: Text.nullable(),
  operation: OperationForm,
  /** null: not known yet. */
  outcome: OutcomeForm.nullable(),
});

/** What is to be put on record; the trail adds its place. */
export type AuditEntry = Readonly<z.infer<typeof EntryForm>>;
export type AuditCaller = Readonly<z.infer<typeof CallerForm>>;
export type AuditOperation = Readonly<z.infer<typeof OperationForm>>;
export type AuditOutcome = Readonly<z.infer<typeof OutcomeForm>>;

/** As formatInstant writes it; what stands there is covered by the hash. */
const WrittenInstant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?\+08:00$/, 'is no instant in the time of China');

export const AuditRecordForm = EntryForm.extend({
  /** One per process: see audit-trail.ts. */
  chain: Text,
  /** 1, 2, 3 ... in its chain. */
  sequence: z.int().positive(),
  /** As text, so that what is stored is what was digested. Their order as texts is their order in time. */
  at: WrittenInstant,
  /** Entries that could not be put on record since the record before: public reads only. */
  lost: Count,
  /** Hash of the record before. */
  previous: Digest,
  hash: Digest,
});
export type AuditRecord = Readonly<z.infer<typeof AuditRecordForm>>;

/** What comes before the first record of a chain. */
export const startOfChain = (chain: string): string => sm3Hex(`joint-credit-hub/audit/1 ${chain}`);

/** @returns the hash: of the record's canonical JSON with that of the record before in it */
export const hashOf = (record: Omit<AuditRecord, 'hash'>): string => sm3Hex(canonicalJson(record));

const SEQUENCE_DIGITS = 12;

/** Orders records by chain, and by number within it. */
export const recordIdOf = ({ chain, sequence }: Pick<AuditRecord, 'chain' | 'sequence'>): string =>
  `${chain}:${String(sequence).padStart(SEQUENCE_DIGITS, '0')}`;
