import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { HubError } from '../errors.ts';
import { connectionMapped, type Connection } from '../relay/connection.ts';
import { CursorScalar, DateScalar, DepartmentIdScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import { listCases } from './case-list.ts';
import { RepairFilter, RepairInput } from './credit.input.ts';
import { creditOf, repairNode } from './credit-nodes.ts';
import type { RepairCase } from './repair-case.ts';
import { carryThrough } from './repair-notices.ts';
import { RepairApplicationConnection, RepairApplicationType } from './repair.type.ts';
import type { RepairTarget } from './repaired.ts';

const ID_OF_REPAIR = bilingual('Which repair.', '修复申请标识');
const REASON = bilingual('Why; part of the record, no personal data.', '理由');
const DEFAULT_FIRST = 20;

function targetOf({ penaltyDocumentNumber, listType, listedOn }: RepairInput): RepairTarget {
  const documentNumber = penaltyDocumentNumber ?? null;
  if (documentNumber !== null && listType == null && listedOn == null) return { kind: 'PENALTY', documentNumber };
  if (documentNumber === null && listType != null && listedOn != null)
    return { kind: 'LIST_ENTRY', listType, listedOn };
  throw new HubError('INPUT_INVALID', 'Name either a penalty by its number, or a list entry by its list and day.');
}

/** Notices follow at once where they can; what fails is tried again by the hub's clock. */
async function followed(repair: RepairCase, context: HubContext): Promise<RepairApplicationType> {
  const service = context.notices?.service ?? null;
  const { store } = creditOf(context).repairs;
  return repairNode(service === null ? repair : await carryThrough(service, store, repair), context);
}

@Resolver()
export class RepairResolver {
  @Query(
    () => RepairApplicationConnection,
    bilingual('Repairs of the caller’s divisions and of its own department, newest first.', '信用修复列表'),
  )
  async repairs(
    @Ctx() context: HubContext,
    @Arg('filter', () => RepairFilter, { nullable: true, ...bilingual('Which ones.', '筛选') })
    filter: RepairFilter | null,
    @Arg('first', () => Int, {
      defaultValue: DEFAULT_FIRST,
      nullable: true,
      ...bilingual('Size of the page, 1 to 100.', '每页条数'),
    })
    first: number | null,
    @Arg('after', () => CursorScalar, { nullable: true, ...bilingual('Continue after this cursor.', '起始游标') })
    after?: string | null,
  ): Promise<Connection<RepairApplicationType>> {
    const { institution, state } = filter ?? {};
    const conditions = [
      ...(institution != null ? [{ creditCode: institution }] : []),
      ...(state != null ? [{ state: { $in: state } }] : []),
    ];
    const page = { first: first ?? DEFAULT_FIRST, after: after ?? null };
    const { store } = creditOf(context).repairs;
    const found = await listCases(store, 'REPAIR', context.caller, conditions, page);
    return connectionMapped(found, (repair) => repairNode(repair, context));
  }

  @Mutation(
    () => RepairApplicationType,
    bilingual(
      'Takes in an application for credit repair. Refused with the first day on which it is possible when it is too early.',
      '受理前登记信用修复申请;未到最短公示期的告知可申请日期',
    ),
  )
  async applyRepair(
    @Ctx() context: HubContext,
    @Arg('input', () => RepairInput, bilingual('What is to be repaired.', '申请内容')) input: RepairInput,
  ): Promise<RepairApplicationType> {
    const { creditCode, obligationsMet, committed, statement, evidence } = input;
    const request = { creditCode, obligationsMet, committed, statement, evidence, target: targetOf(input) };
    return repairNode(await creditOf(context).repairs.apply(context.caller, request), context);
  }

  @Mutation(
    () => RepairApplicationType,
    bilingual('The application is complete and will be examined; notices about the decision wait.', '受理信用修复申请'),
  )
  async acceptRepair(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, ID_OF_REPAIR) id: string,
  ): Promise<RepairApplicationType> {
    return await followed(await creditOf(context).repairs.accept(context.caller, id), context);
  }

  @Mutation(() => RepairApplicationType, bilingual('More time to decide, once.', '延长办理期限(一次)'))
  async extendRepair(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, ID_OF_REPAIR) id: string,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<RepairApplicationType> {
    return repairNode(await creditOf(context).repairs.extend(context.caller, id, reason), context);
  }

  @Mutation(
    () => RepairApplicationType,
    bilingual(
      'Decides a repair. Approved, it ends publicity, sharing and measures, and every department that holds the entry is to confirm; refused, it says from when to try again.',
      '作出信用修复决定',
    ),
  )
  async decideRepair(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, ID_OF_REPAIR) id: string,
    @Arg('approve', () => Boolean, bilingual('Whether it is repaired.', '是否同意')) approve: boolean,
    @Arg('reason', () => String, REASON) reason: string,
    @Arg('retryFrom', () => DateScalar, {
      nullable: true,
      ...bilingual(
        'Of a refusal: not to be applied for again before that day; by the rule when left out.',
        '不予修复时的可再次申请日期',
      ),
    })
    retryFrom?: CalendarDate | null,
  ): Promise<RepairApplicationType> {
    const { repairs } = creditOf(context);
    return await followed(await repairs.decide(context.caller, id, approve, reason, retryFrom ?? null), context);
  }

  @Mutation(
    () => RepairApplicationType,
    bilingual('The caller’s department neither shows nor uses the entry any more.', '确认已同步修复结果'),
  )
  async confirmRepair(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, ID_OF_REPAIR) id: string,
  ): Promise<RepairApplicationType> {
    return repairNode(await creditOf(context).repairs.confirm(context.caller, id), context);
  }

  @Mutation(
    () => RepairApplicationType,
    bilingual('Has a dead message to a department that holds the entry sent again.', '重新同步修复结果'),
  )
  async resendRepair(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, ID_OF_REPAIR) id: string,
    @Arg('department', () => DepartmentIdScalar, bilingual('To whom.', '部门')) department: string,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<RepairApplicationType> {
    return repairNode(await creditOf(context).repairs.resend(context.caller, id, department, reason), context);
  }
}
