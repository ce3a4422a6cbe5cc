/** What stands behind the graph's types of the credit side. */
import type { HubContext } from '../context.ts';
import { HubError } from '../errors.ts';
import { departmentOf } from '../notice/department-of.ts';
import type { DeliveryState } from '../notice/notice.ts';
import type { CreditParts } from './credit-parts.ts';
import type { SeriousThresholdType } from './credit-profile.type.ts';
import type { ThresholdCount } from './count-thresholds.ts';
import type { RepairCase } from './repair-case.ts';
import type { RepairApplicationType } from './repair.type.ts';
import type { ThresholdCase } from './threshold-case.ts';
import type { ThresholdCaseType } from './threshold-case.type.ts';

/** @throws HubError UNSUPPORTED where the hub keeps no replica */
export function creditOf({ credit }: Pick<HubContext, 'credit'>): CreditParts {
  if (credit !== null) return credit;
  throw new HubError('UNSUPPORTED', 'This hub keeps no replica, and so no credit profiles.');
}

export const thresholdNode = ({ rows, ...threshold }: ThresholdCount): SeriousThresholdType => ({
  ...threshold,
  evidence: rows.map(({ evidence }) => evidence),
});

function stateOf({ messages }: RepairCase, departmentId: string, confirmedAt: Date | null): DeliveryState {
  if (confirmedAt !== null) return 'CONFIRMED_LIFT';
  const last = messages.findLast((message) => message.departmentId === departmentId)?.state ?? 'PENDING';
  return last === 'CANCELLED' ? 'PENDING' : last;
}

export function repairNode(repair: RepairCase, context: Pick<HubContext, 'registry'>): RepairApplicationType {
  const { _id: id, target, openedAt: appliedAt, determinerId, holders } = repair;
  return {
    ...repair,
    ...{ id, appliedAt, determiner: departmentOf(determinerId, context) },
    penaltyDocumentNumber: target.kind === 'PENALTY' ? target.documentNumber : null,
    listType: target.kind === 'LIST_ENTRY' ? target.listType : null,
    listedOn: target.kind === 'LIST_ENTRY' ? target.listedOn : null,
    holders: holders.map(({ departmentId, confirmedAt }) => ({
      ...{ confirmedAt, state: stateOf(repair, departmentId, confirmedAt) },
      department: departmentOf(departmentId, context),
    })),
  };
}

export function thresholdCaseNode(reached: ThresholdCase, context: Pick<HubContext, 'registry'>): ThresholdCaseType {
  const { _id: id, openedAt: raisedAt, count, draft, departmentIds } = reached;
  return {
    ...reached,
    ...{ id, raisedAt, threshold: thresholdNode(count) },
    departments: departmentIds.map((departmentId) => departmentOf(departmentId, context)),
    noticeDraft: draft && { ...draft, measureIds: draft.measures.map(({ measureId }) => measureId) },
  };
}
