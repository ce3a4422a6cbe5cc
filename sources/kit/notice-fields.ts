/** What a message about a notice consists of, for protocols that have columns or elements of their own for it. */
import { z } from 'zod';
import { HubError } from '../../schema/errors.ts';
import { SIGNATURE_ALGORITHMS } from '../../schema/signing/signature.ts';
import type { Envelope } from '../../schema/delivery/ports.ts';

/** As schema/notice/envelope.ts writes them. */
const NoticeFields = z.object({
  id: z.string().min(1),
  type: z.enum(['notice.issued', 'notice.lifted', 'notice.withdrawn']),
  deliveryId: z.string().min(1),
  noticeId: z.string().min(1),
  /** "LHCJ..." */
  number: z.string().min(1),
  version: z.number().int(),
  /** Department ids. */
  determiner: z.string().min(1),
  recipient: z.string().min(1),
  mandatory: z.boolean(),
  subjectCode: z.string(),
  subjectName: z.string(),
  measureIds: z.array(z.string()),
  createdAt: z.date(),
  signWithinWorkingDays: z.number().int(),
  feedbackWithinWorkingDays: z.number().int(),
  confirmWithinWorkingDays: z.number().int(),
  /** Canonical JSON that the determining department has signed. */
  signedText: z.string(),
  signature: z.object({ algorithm: z.enum(SIGNATURE_ALGORITHMS), keyId: z.string(), value: z.string() }),
});
export type NoticeFields = z.infer<typeof NoticeFields>;

/** @throws HubError UNSUPPORTED for a message that is not about a notice */
export function noticeFieldsOf({ type, fields }: Envelope): NoticeFields {
  const parsed = NoticeFields.safeParse(fields);
  if (parsed.success) return parsed.data;
  throw new HubError('UNSUPPORTED', `A message of the type ${type} cannot be written in the department's own form.`, {
    cause: parsed.error,
  });
}

/**
 * The signed text in letters that every charset has: one that a database converts on its way could not be verified any
 * more.
 */
export function signedTextInBase64({ signedText }: NoticeFields): string {
  return Buffer.from(signedText, 'utf8').toString('base64');
}
