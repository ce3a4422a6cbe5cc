/** The parts of an institution that come in pages. */
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { contextOf, type HubContext } from '../context.ts';
import { isShownTo } from '../credit/shown-to.ts';
import { bilingual } from '../description.ts';
import { InspectionConnection, type InspectionNode } from '../inspection/inspection.type.ts';
import { mergePenalties } from '../penalty/merge-penalties.ts';
import { PenaltyConnection, penaltyOf, type Penalty } from '../penalty/penalty.type.ts';
import type { Connection } from '../relay/connection.ts';
import { dayToContinueFrom, newestFirstPage, newestFirstQuery } from '../relay/newest-first.ts';
import { ReportConnection, type Report } from '../report/report.type.ts';
import { CursorScalar } from '../scalars/scalars.ts';
import type { NoticeNode } from '../notice/nodes.ts';
import { listNotices } from '../notice/notice-list.ts';
import { noticesOf } from '../notice/notice.resolver.ts';
import { NoticeConnection } from '../notice/notice.type.ts';
import { inspectionsOf } from './inspection-query.ts';
import { InspectionFilter, ReportFilter } from './institution.input.ts';
import type { InstitutionNode } from './institution-node.ts';
import { Institution } from './institution.type.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import { reportsOf } from './report-query.ts';

const FIRST = { defaultValue: 20, nullable: true, ...bilingual('Size of the page, 1 to 100.', '每页条数') };
const AFTER = { nullable: true, ...bilingual('Continue after this cursor.', '起始游标') };
const DEFAULT_FIRST = 20;

@Resolver(() => Institution)
export class InstitutionPagesResolver {
  @FieldResolver(() => InspectionConnection, bilingual('Inspections and tests, newest first.', '检验检测记录'))
  inspections(
    @Root() institution: InstitutionNode,
    @Ctx() context: HubContext,
    @Arg('filter', () => InspectionFilter, { nullable: true, ...bilingual('Which ones.', '筛选') })
    filter: InspectionFilter | null,
    @Arg('first', () => Int, FIRST) first: number | null,
    @Arg('after', () => CursorScalar, AFTER) after?: string | null,
  ): Promise<Connection<InspectionNode>> {
    return inspectionsOf(
      institution,
      filter ?? {},
      first ?? DEFAULT_FIRST,
      after ?? null,
      contextOf(institution, context),
    );
  }

  @FieldResolver(() => ReportConnection, bilingual('Reports on the registers, newest first.', '报告'))
  reports(
    @Root() institution: InstitutionNode,
    @Ctx() context: HubContext,
    @Arg('filter', () => ReportFilter, { nullable: true, ...bilingual('Which ones.', '筛选') })
    filter: ReportFilter | null,
    @Arg('first', () => Int, FIRST) first: number | null,
    @Arg('after', () => CursorScalar, AFTER) after?: string | null,
  ): Promise<Connection<Report>> {
    return reportsOf(institution, filter ?? {}, first ?? DEFAULT_FIRST, after ?? null, contextOf(institution, context));
  }

  @FieldResolver(
    () => PenaltyConnection,
    bilingual(
      'Administrative penalties of all departments, latest first; to the public only those that are public today.',
      '行政处罚(对公众仅显示公示期内记录)',
    ),
  )
  async penalties(
    @Root() institution: InstitutionNode,
    @Ctx() context: HubContext,
    @Arg('first', () => Int, FIRST) first: number | null,
    @Arg('after', () => CursorScalar, AFTER) after?: string | null,
  ): Promise<Connection<Penalty>> {
    const query = newestFirstQuery(first ?? DEFAULT_FIRST, after ?? null);
    dayToContinueFrom(query);
    const { loaders, clock } = contextOf(institution, context);
    const today = calendarDateOf(clock.now());
    const answers = await loaders.facet('penalties', institution.creditCode, {});
    const records = mergePenalties(answers.flatMap((answer) => answer.records));
    const repairs = records.length === 0 ? [] : await loaders.repairs.load(institution.creditCode);
    const now = calendarDateOf(context.clock.now());
    const penalties = records
      .map((record) => penaltyOf(record, today, repairs))
      .filter((penalty) => isShownTo(context, institution, penalty, now));
    return newestFirstPage(query, penalties, (penalty) => [penalty.decidedOn, penalty.id], penalties.length);
  }

  @FieldResolver(
    () => NoticeConnection,
    bilingual('Joint-punishment notices against it, newest first.', '联合惩戒通知'),
  )
  async notices(
    @Root() { creditCode }: InstitutionNode,
    @Ctx() context: HubContext,
    @Arg('first', () => Int, FIRST) first: number | null,
    @Arg('after', () => CursorScalar, AFTER) after?: string | null,
  ): Promise<Connection<NoticeNode>> {
    const { store } = noticesOf(context).service;
    const filter = { subject: creditCode };
    return await listNotices(store, context.caller, filter, first ?? DEFAULT_FIRST, after ?? null);
  }
}
