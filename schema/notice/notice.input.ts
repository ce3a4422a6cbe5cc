import { Field, ID, InputType, Int } from 'type-graphql';
import { bilingual } from '../description.ts';
import { FeedbackResultEnum, ListTypeEnum, NoticeStageEnum, NoticeStateEnum, SeverityEnum } from '../enums.ts';
import type { ListType, Severity } from '../records.ts';
import {
  CreditCodeScalar,
  DateScalar,
  DateTimeScalar,
  DepartmentIdScalar,
  RegionCodeScalar,
} from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import type { Stage } from './case.ts';
import type { FeedbackResult, NoticeState } from './notice.ts';

@InputType(bilingual('Which notices.', '通知筛选'))
export class NoticeFilter {
  @Field(() => CreditCodeScalar, { nullable: true, ...bilingual('Against this institution.', '惩戒对象') })
  readonly subject?: string | null;

  @Field(() => [NoticeStateEnum], { nullable: true, ...bilingual('In one of these states.', '状态') })
  readonly state?: NoticeState[] | null;

  @Field(() => DepartmentIdScalar, { nullable: true, ...bilingual('Determined by this department.', '认定单位') })
  readonly determiner?: string | null;

  @Field(() => DepartmentIdScalar, {
    nullable: true,
    ...bilingual('With this recipient; found from the publication on.', '接收部门（自公示起）'),
  })
  readonly recipient?: string | null;

  @Field(() => RegionCodeScalar, { nullable: true, ...bilingual('Of institutions of this division.', '行政区划') })
  readonly region?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    ...bilingual('Only those in which a recipient has let its time pass.', '仅逾期'),
  })
  readonly overdueOnly?: boolean | null;
}

@InputType(bilingual('A measure of the catalogue.', '惩戒措施'))
export class NoticeMeasureInput {
  @Field(() => String, bilingual('Id in the catalogue.', '措施编号'))
  readonly measureId!: string;

  @Field(() => String, {
    nullable: true,
    ...bilingual('Law and article in this case, besides the basis in the catalogue.', '具体依据'),
  })
  readonly basis?: string | null;
}

@InputType(bilingual('A department that must or may act.', '接收部门'))
export class NoticeRecipientInput {
  @Field(() => DepartmentIdScalar, bilingual('Which department.', '部门'))
  readonly department!: string;

  @Field(() => Boolean, { defaultValue: true, ...bilingual('Whether the case waits for it.', '是否必须') })
  readonly mandatory!: boolean;
}

@InputType(bilingual('What is decided.', '惩戒内容'))
export class NoticeContentInput {
  @Field(() => String, bilingual('Number of the decision, e.g. 黔市监处罚〔2026〕12号.', '决定文号'))
  readonly decisionNumber!: string;

  @Field(() => DateScalar, bilingual('Day of the decision.', '决定日期'))
  readonly decidedOn!: CalendarDate;

  @Field(() => ListTypeEnum, { nullable: true, ...bilingual('The list that it rests on.', '名单类型') })
  readonly listType?: ListType | null;

  @Field(() => SeverityEnum, bilingual('How severe.', '失信程度'))
  readonly severity!: Severity;

  @Field(() => String, bilingual('The facts, in short; no personal data.', '事实摘要'))
  readonly factsSummary!: string;

  @Field(() => [NoticeMeasureInput], bilingual('Measures of the catalogue.', '惩戒措施'))
  readonly measures!: NoticeMeasureInput[];

  @Field(() => DateScalar, bilingual('First day.', '起始日期'))
  readonly startDate!: CalendarDate;

  @Field(() => DateScalar, bilingual('Last day.', '截止日期'))
  readonly endDate!: CalendarDate;

  @Field(() => [NoticeRecipientInput], bilingual('Who must or may act.', '接收部门'))
  readonly recipients!: NoticeRecipientInput[];
}

@InputType(bilingual('A notice to be issued by the caller’s department.', '签发通知'))
export class IssueNoticeInput extends NoticeContentInput {
  @Field(() => String, bilingual('The same key gives the same notice, however often it is sent.', '幂等键'))
  readonly idempotencyKey!: string;

  @Field(() => CreditCodeScalar, bilingual('Against whom.', '惩戒对象代码'))
  readonly subjectCode!: string;

  @Field(() => NoticeStageEnum, {
    defaultValue: 'PUBLISHED',
    ...bilingual('How far the department’s own procedure has come.', '办理阶段'),
  })
  readonly stage!: Stage;
}

@InputType(bilingual('What a recipient reports of one measure.', '措施执行反馈'))
export class MeasureFeedbackInput {
  @Field(() => ID, bilingual('Which measure.', '措施编号'))
  readonly measureId!: string;

  @Field(() => FeedbackResultEnum, bilingual('How it was carried out.', '执行结果'))
  readonly result!: FeedbackResult;

  @Field(() => Int, { defaultValue: 0, ...bilingual('In how many cases.', '件数') })
  readonly caseCount!: number;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('When.', '执行时间') })
  readonly executedAt?: Date | null;

  @Field(() => String, { nullable: true, ...bilingual('In words; no personal data.', '说明') })
  readonly description?: string | null;
}
