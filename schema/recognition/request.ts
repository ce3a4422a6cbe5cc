/** From what a department hands in to a recognition that can be written. Pure. */
import { z } from 'zod';
import { parseCreditCode } from '../codes/credit-code.ts';
import { HubError } from '../errors.ts';
import type { NoticeSubject } from '../notice/notice.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import { sm3Hex } from '../signing/sm3.ts';
import { derived } from './derive.ts';
import { RECOGNITION_KINDS, type RecognitionKind, type RecognitionQuestion } from './evidence.ts';
import type { Recognition } from './recognition.ts';
import { PURPOSES, type Purpose } from './rules.ts';
import { newTarget } from './targets.ts';

export interface RecognitionRequest {
  readonly idempotencyKey: string;
  readonly kind: RecognitionKind;
  readonly number: string;
  readonly institutionCode: string;
  readonly purpose: Purpose;
  readonly presentedDigest: string | null;
  /** Departments that are to treat the result as their own. */
  readonly relyingIds: readonly string[];
}

const MOST_RELYING = 50;

/** SM3, hex; capital letters are taken for small ones. */
const DigestText = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .pipe(z.string().regex(/^[0-9a-f]{64}$/, 'is no SM3 digest of 64 hexadecimal characters'));

const Request = z.object({
  idempotencyKey: z
    .string()
    .regex(/^[\w.:-]+$/)
    .min(8)
    .max(128),
  kind: z.enum(RECOGNITION_KINDS),
  number: z
    .string()
    .transform((text) => text.normalize('NFKC').trim())
    .pipe(z.string().min(1).max(64)),
  institutionCode: z.string().transform(parseCreditCode),
  purpose: z.enum(PURPOSES),
  presentedDigest: DigestText.nullable(),
  relyingIds: z.array(z.string().max(64)).max(MOST_RELYING),
});

function parsed<S extends z.ZodType>(shape: S, value: unknown): z.output<S> {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new HubError('INPUT_INVALID', `"${where || 'input'}" cannot be used: ${issue?.message ?? ''}.`);
}

/** @throws HubError INPUT_INVALID */
export const parseDigest = (text: string): string => parsed(DigestText, text);

/**
 * @param known ids of the departments that the hub serves
 * @throws HubError INPUT_INVALID naming the part that is wrong
 */
export function checkRequest(
  request: RecognitionRequest,
  requesterId: string,
  known: ReadonlySet<string>,
): RecognitionRequest {
  const checked = parsed(Request, request);
  const { relyingIds } = checked;
  const unknown = relyingIds.find((id) => !known.has(id));
  if (unknown !== undefined) throw new HubError('INPUT_INVALID', `There is no department "${unknown}".`);
  if (new Set(relyingIds).size < relyingIds.length) {
    throw new HubError('INPUT_INVALID', 'A relying department is named twice.');
  }
  if (relyingIds.includes(requesterId)) {
    throw new HubError('INPUT_INVALID', 'The department that asks need not be named among those that are told.');
  }
  return checked;
}

export const inputDigestOf = (request: RecognitionRequest): string => sm3Hex(canonicalJson(request));

export const questionOf = ({
  kind,
  number,
  institution,
  purpose,
  presentedDigest,
}: Pick<Recognition, 'kind' | 'number' | 'institution' | 'purpose' | 'presentedDigest'>): RecognitionQuestion => ({
  kind,
  number,
  institutionCode: institution.creditCode,
  purpose,
  presentedDigest,
});

interface NewRecognition {
  readonly id: string;
  readonly requesterId: string;
  readonly request: RecognitionRequest;
  readonly institution: NoticeSubject;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** A recognition in its first state, without events. */
export function newRecognition({ id, request, createdAt, ...named }: NewRecognition): Recognition {
  const { idempotencyKey, kind, number, purpose, presentedDigest, relyingIds } = request;
  const recognition: Recognition = {
    _id: id,
    revision: 1,
    ...{ kind, number, presentedDigest, purpose, idempotencyKey },
    ...{ institution: named.institution, requesterId: named.requesterId, createdBy: named.createdBy },
    inputDigest: inputDigestOf(request),
    state: 'SUBMITTED',
    decisions: [],
    validTo: null,
    holds: [],
    flags: [],
    revocation: null,
    revokedAt: null,
    expiredAt: null,
    targets: relyingIds.map((departmentId) => newTarget(departmentId, createdAt)),
    decideBy: null,
    isDecisionOverdue: false,
    recheckAt: null,
    changeCount: 0,
    createdAt,
    eventCount: 0,
    pendingEvents: [],
    hasPending: false,
    pendingSince: null,
    hasOpen: false,
    hasDead: false,
    targetIds: [],
    restsOn: null,
    nextClockAt: null,
  };
  return { ...recognition, ...derived(recognition) };
}
