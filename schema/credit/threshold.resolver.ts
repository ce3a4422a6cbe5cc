import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { demandEver, may } from '../access/policy.ts';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { HubError } from '../errors.ts';
import { eventCursors } from '../events/event-cursor.ts';
import { findInstitution } from '../institution/find-institution.ts';
import { findSubject } from '../notice/subject.ts';
import { connectionMapped, connectionOf, type Connection } from '../relay/connection.ts';
import { checkPageSize } from '../relay/page-size.ts';
import { CursorScalar } from '../scalars/scalars.ts';
import { listCases } from './case-list.ts';
import { FalseReportInput, ThresholdFilter } from './credit.input.ts';
import { creditOf, thresholdCaseNode } from './credit-nodes.ts';
import {
  CreditEventConnection,
  ThresholdCaseConnection,
  ThresholdCaseType,
  type CreditEventType,
} from './threshold-case.type.ts';

const DEFAULT_FIRST = 20;
const FIRST = {
  defaultValue: DEFAULT_FIRST,
  nullable: true,
  ...bilingual('Size of the page, 1 to 100.', '每页条数'),
};
const AFTER = { nullable: true, ...bilingual('Continue after this cursor.', '起始游标') };
const CURSORS = eventCursors('credit-event');

@Resolver()
export class ThresholdResolver {
  @Query(
    () => ThresholdCaseConnection,
    bilingual('Serious thresholds that were reached, newest first, of the caller’s divisions.', '情节严重阈值预警列表'),
  )
  async thresholdCases(
    @Ctx() context: HubContext,
    @Arg('filter', () => ThresholdFilter, { nullable: true, ...bilingual('Which ones.', '筛选') })
    filter: ThresholdFilter | null,
    @Arg('first', () => Int, FIRST) first: number | null,
    @Arg('after', () => CursorScalar, AFTER) after?: string | null,
  ): Promise<Connection<ThresholdCaseType>> {
    const { institution, state } = filter ?? {};
    const conditions = [
      ...(institution != null ? [{ creditCode: institution }] : []),
      ...(state != null ? [{ state: { $in: state } }] : []),
    ];
    const page = { first: first ?? DEFAULT_FIRST, after: after ?? null };
    const { store } = creditOf(context).thresholds;
    const found = await listCases(store, 'THRESHOLD', context.caller, conditions, page);
    return connectionMapped(found, (reached) => thresholdCaseNode(reached, context));
  }

  @Mutation(
    () => ThresholdCaseType,
    bilingual(
      'A person says what follows. Proceeding makes a notice in state DRAFT of the caller’s department; nothing is issued.',
      '人工处置阈值预警;同意则生成草拟状态的通知,不签发',
    ),
  )
  async decideThreshold(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, bilingual('Which threshold.', '预警标识')) id: string,
    @Arg('proceed', () => Boolean, bilingual('Whether it is taken up.', '是否处置')) proceed: boolean,
    @Arg('reason', () => String, bilingual('Why; part of the record, no personal data.', '理由')) reason: string,
  ): Promise<ThresholdCaseType> {
    const service = context.notices?.service ?? null;
    const notices = service && { service, findSubject: (code: string) => findSubject(code, context) };
    const { thresholds } = creditOf(context);
    return thresholdCaseNode(await thresholds.decide(context.caller, id, { proceed, reason }, notices), context);
  }

  @Mutation(
    () => ID,
    bilingual('Puts on record that the caller’s department has found a report to be false.', '登记虚假报告认定'),
  )
  async confirmFalseReport(
    @Ctx() context: HubContext,
    @Arg('input', () => FalseReportInput, bilingual('Which report.', '认定内容')) input: FalseReportInput,
  ): Promise<string> {
    const { falseReports } = creditOf(context);
    demandEver(context.caller, 'falseReport:confirm');
    const institution = await findInstitution(input.creditCode, context);
    if (institution === null)
      throw new HubError('INPUT_INVALID', 'No institution is registered under this credit code.');
    const { vehicle = null, documentNumber = null, ...finding } = input;
    const { regionCode } = institution;
    const known = await falseReports.confirm(context.caller, { ...finding, vehicle, documentNumber, regionCode });
    return known._id;
  }

  @Mutation(() => ID, bilingual('The finding does not hold; it is counted no more.', '撤销虚假报告认定'))
  async withdrawFalseReport(
    @Ctx() context: HubContext,
    @Arg('id', () => ID, bilingual('Which finding.', '认定标识')) id: string,
    @Arg('reason', () => String, bilingual('Why.', '理由')) reason: string,
  ): Promise<string> {
    return (await creditOf(context).falseReports.withdraw(context.caller, id, reason))._id;
  }

  @Query(
    () => CreditEventConnection,
    bilingual(
      'The log of the credit side, oldest first: thresholds reached and decided, repairs. The last cursor goes on even when the page is short.',
      '信用事件日志',
    ),
  )
  async creditEvents(
    @Ctx() context: HubContext,
    @Arg('first', () => Int, FIRST) first: number | null,
    @Arg('after', () => CursorScalar, AFTER) after?: string | null,
  ): Promise<Connection<CreditEventType>> {
    const { caller } = context;
    demandEver(caller, 'credit:read');
    const size = checkPageSize(first ?? DEFAULT_FIRST);
    const { events, hasMore } = await creditOf(context).log.page(after == null ? 0 : CURSORS.read(after), size);
    const edges = events
      .filter(({ departmentIds, regionCode }) => may(caller, 'credit:read', { departmentIds, regionCode }))
      .map((event) => ({ cursor: CURSORS.write(event._id), node: { ...event, cursor: CURSORS.write(event._id) } }));
    const last = events.at(-1);
    return connectionOf(edges, {
      ...{ hasNextPage: hasMore, hasPreviousPage: after != null, totalCount: null },
      endCursor: last === undefined ? (after ?? null) : CURSORS.write(last._id),
    });
  }
}
