import { Field, ID, ObjectType } from 'type-graphql';
import { Department } from '../department/department.type.ts';
import { bilingual } from '../description.ts';
import { ListTypeEnum, SeverityEnum, ThresholdStateEnum } from '../enums.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import type { ListType, Severity } from '../records.ts';
import { connectionTypes } from '../relay/connection.ts';
import { CreditCodeScalar, CursorScalar, DateScalar, DateTimeScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import { SeriousThresholdType } from './credit-profile.type.ts';
import type { ThresholdState } from './threshold-case.ts';

@ObjectType('NoticeDraft', {
  simpleResolvers: true,
  ...bilingual('What a notice may start from: prepared by the hub, never issued by it.', '通知草拟建议'),
})
export class NoticeDraftType {
  @Field(() => String, bilingual('Number of the last decision that was counted.', '决定书文号'))
  readonly decisionNumber!: string;

  @Field(() => DateScalar, bilingual('Its day.', '决定日期'))
  readonly decidedOn!: CalendarDate;

  @Field(() => ListTypeEnum, { nullable: true, ...bilingual('The list it would lead to.', '名单类型') })
  readonly listType!: ListType | null;

  @Field(() => SeverityEnum, bilingual('Its severity.', '失信程度'))
  readonly severity!: Severity;

  @Field(() => String, bilingual('What was counted.', '事实摘要'))
  readonly factsSummary!: string;

  @Field(() => [String], bilingual('Measures of the catalogue.', '措施编号'))
  readonly measureIds?: readonly string[];

  @Field(() => DateScalar, bilingual('First day.', '起始日期'))
  readonly startDate!: CalendarDate;

  @Field(() => DateScalar, bilingual('Last day.', '截止日期'))
  readonly endDate!: CalendarDate;
}

@ObjectType('ThresholdCase', {
  simpleResolvers: true,
  ...bilingual('A serious threshold that was reached; a person decides what follows.', '情节严重阈值预警'),
})
export class ThresholdCaseType {
  @Field(() => ID, bilingual('Its id.', '标识'))
  readonly id?: string;

  @Field(() => ThresholdStateEnum, bilingual('What a person made of it.', '状态'))
  readonly state!: ThresholdState;

  @Field(() => CreditCodeScalar, bilingual('Of which institution.', '机构代码'))
  readonly creditCode!: string;

  @Field(() => String, bilingual('Its name.', '机构名称'))
  readonly name!: string;

  @Field(() => DateTimeScalar, bilingual('When it was reached first.', '首次达到时间'))
  readonly raisedAt?: Date;

  @Field(() => SeriousThresholdType, bilingual('The count as it was told last.', '计数'))
  readonly threshold?: SeriousThresholdType;

  @Field(() => [Department], bilingual('Whose matter it is.', '相关部门'))
  readonly departments?: readonly DepartmentDescriptor[];

  @Field(() => NoticeDraftType, {
    nullable: true,
    ...bilingual('Prepared for whoever decides; null where a notice is not what follows.', '通知草拟建议'),
  })
  readonly noticeDraft?: NoticeDraftType | null;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('When it was decided.', '处置时间') })
  readonly decidedAt!: Date | null;

  @Field(() => String, { nullable: true, ...bilingual('Why.', '理由') })
  readonly reason!: string | null;

  @Field(() => ID, { nullable: true, ...bilingual('The notice in state DRAFT that was made of it.', '草拟通知标识') })
  readonly noticeId!: string | null;
}

@ObjectType('CreditEvent', {
  simpleResolvers: true,
  ...bilingual('Something that happened on the credit side.', '信用事件'),
})
export class CreditEventType {
  @Field(() => CursorScalar, bilingual('Place in the log; continue after it.', '游标'))
  readonly cursor!: string;

  @Field(() => DateTimeScalar, bilingual('When.', '时间'))
  readonly at!: Date;

  @Field(() => String, bilingual('What: e.g. SERIOUS_THRESHOLD_REACHED, REPAIR_APPROVED.', '事件类型'))
  readonly kind!: string;

  @Field(() => CreditCodeScalar, bilingual('Which institution.', '机构代码'))
  readonly creditCode!: string;

  @Field(() => ID, bilingual('Which case.', '事项标识'))
  readonly caseId!: string;

  @Field(() => String, bilingual('Who acted.', '操作者'))
  readonly actor!: string;

  @Field(() => String, { nullable: true, ...bilingual('In words: counted rows, a reason.', '说明') })
  readonly detail!: string | null;
}

const cases = connectionTypes('ThresholdCase', () => ThresholdCaseType);
const events = connectionTypes('CreditEvent', () => CreditEventType);

@ObjectType({ simpleResolvers: true, ...bilingual('A page of thresholds that were reached.', '阈值预警列表') })
export class ThresholdCaseConnection extends cases.ConnectionType {}

@ObjectType({ simpleResolvers: true, ...bilingual('A page of the log of the credit side.', '信用事件列表') })
export class CreditEventConnection extends events.ConnectionType {}
