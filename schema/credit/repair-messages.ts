/** How an approved repair reaches every department that holds the entry: by the machine that takes notices there. */
import { aggregateMessages } from '../aggregate/aggregate-messages.ts';
import type { Message } from '../delivery/message.ts';
import type { Envelope, MessageKeeper } from '../delivery/ports.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import type { CaseStore } from './case-store.ts';
import { creditLog } from './credit-log.ts';
import type { RepairCase } from './repair-case.ts';
import { begin, end, hurry } from './repair-dispatch.ts';

export const REPAIR_TOPIC = 'repair';

/** Made of what never changes once the repair is approved: the same bytes on every attempt. */
export function envelopeOf(repair: RepairCase, { id, kind, departmentId, createdAt }: Message): Envelope {
  const { _id: repairId, creditCode, target, determinerId, decidedAt: approvedAt } = repair;
  const type = `repair.${kind.toLowerCase()}`;
  const fields = {
    ...{ id, type, repairId, creditCode, approvedAt, createdAt, determiner: determinerId, recipient: departmentId },
    penaltyDocumentNumber: target.kind === 'PENALTY' ? target.documentNumber : null,
    listType: target.kind === 'LIST_ENTRY' ? target.listType : null,
    listedOn: target.kind === 'LIST_ENTRY' ? target.listedOn : null,
  };
  return { id, type, body: canonicalJson(fields), fields };
}

/** Order is kept per repair and department. */
export const repairMessages = (store: CaseStore<RepairCase>): MessageKeeper =>
  aggregateMessages({
    topic: REPAIR_TOPIC,
    store,
    log: creditLog(store.model.db),
    messagesOf: ({ messages }) => messages,
    envelopeOf,
    laneOf: ({ _id }, departmentId) => `${_id}|${departmentId}`,
    lane(lane) {
      const [_id, departmentId = ''] = lane.split('|');
      return { departmentId, conditions: { _id } };
    },
    openTo: (departmentId) => ({ hasOpen: true, 'messages.departmentId': departmentId }),
    begin,
    end,
    hurry,
  });
