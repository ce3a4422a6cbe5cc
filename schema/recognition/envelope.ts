/** What goes out to a relying department: the same bytes on every attempt. */
import type { Message } from '../delivery/message.ts';
import type { Envelope } from '../delivery/ports.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import { lastDecision, type Recognition } from './recognition.ts';

/** e.g. "recognition.suspended" */
export const typeOf = ({ kind }: Pick<Message, 'kind'>): string => `recognition.${kind.toLowerCase()}`;

/**
 * Made of what never changes once the message is there. Why a recognition ended may change meanwhile; a department reads it
 * by the id.
 */
export function envelopeOf(recognition: Recognition, message: Message): Envelope {
  const { _id, kind, number, institution, requesterId, purpose, validTo } = recognition;
  const { judgement, evidence } = lastDecision(recognition);
  const type = typeOf(message);
  const fields = {
    id: message.id,
    type,
    recognitionId: _id,
    kind,
    number,
    institutionCode: institution.creditCode,
    institutionName: institution.name,
    requester: requesterId,
    recipient: message.departmentId,
    purpose,
    state: message.kind,
    validTo,
    digest: evidence.reports.flatMap(({ records }) => records).find(({ digest }) => digest !== null)?.digest ?? null,
    rulesetEdition: judgement.rulesetEdition,
    checks: judgement.checks.map(({ code, passed }) => ({ code, passed })),
    createdAt: message.createdAt,
  };
  return { id: message.id, type, body: canonicalJson(fields), fields };
}
