import { Field, InputType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { ListTypeEnum, RepairStateEnum, ThresholdStateEnum } from '../enums.ts';
import type { ListType } from '../records.ts';
import { CreditCodeScalar, DateScalar } from '../scalars/scalars.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import type { RepairState } from './repair-case.ts';
import type { ThresholdState } from './threshold-case.ts';

@InputType(
  bilingual('What is to be repaired: a penalty by its number, or a list entry by list and day.', '信用修复申请'),
)
export class RepairInput {
  @Field(() => CreditCodeScalar, bilingual('Of which institution.', '机构代码'))
  readonly creditCode!: CreditCode;

  @Field(() => String, { nullable: true, ...bilingual('Number of the penalty decision.', '处罚决定书文号') })
  readonly penaltyDocumentNumber?: string | null;

  @Field(() => ListTypeEnum, { nullable: true, ...bilingual('List of the entry.', '名单类型') })
  readonly listType?: ListType | null;

  @Field(() => DateScalar, { nullable: true, ...bilingual('Day of listing of the entry.', '列入日期') })
  readonly listedOn?: CalendarDate | null;

  @Field(() => Boolean, bilingual('Obligations fulfilled, or the cause removed.', '义务已履行或情形已消除'))
  readonly obligationsMet!: boolean;

  @Field(() => Boolean, bilingual('The party has made its public commitment.', '已作出信用承诺'))
  readonly committed!: boolean;

  @Field(() => String, bilingual('What was set right; no personal data.', '说明'))
  readonly statement!: string;

  @Field(() => [String], { defaultValue: [], ...bilingual('What shows it: numbers or digests.', '证明材料') })
  readonly evidence!: string[];
}

@InputType(bilingual('Which repairs.', '信用修复筛选'))
export class RepairFilter {
  @Field(() => CreditCodeScalar, { nullable: true, ...bilingual('Of this institution.', '机构代码') })
  readonly institution?: string | null;

  @Field(() => [RepairStateEnum], { nullable: true, ...bilingual('In one of these states.', '状态') })
  readonly state?: RepairState[] | null;
}

@InputType(bilingual('Which thresholds that were reached.', '阈值筛选'))
export class ThresholdFilter {
  @Field(() => CreditCodeScalar, { nullable: true, ...bilingual('Of this institution.', '机构代码') })
  readonly institution?: string | null;

  @Field(() => [ThresholdStateEnum], { nullable: true, ...bilingual('In one of these states.', '状态') })
  readonly state?: ThresholdState[] | null;
}

@InputType(bilingual('A report that the caller’s department has found to be false.', '虚假报告认定'))
export class FalseReportInput {
  @Field(() => CreditCodeScalar, bilingual('Who issued it.', '出具机构代码'))
  readonly creditCode!: CreditCode;

  @Field(() => String, bilingual('Its number.', '报告编号'))
  readonly reportNumber!: string;

  @Field(() => String, {
    nullable: true,
    ...bilingual('The vehicle it is about, e.g. its VIN; only a digest is kept.', '车辆标识(仅存摘要)'),
  })
  readonly vehicle?: string | null;

  @Field(() => DateScalar, bilingual('When it was found to be false.', '认定日期'))
  readonly confirmedOn!: CalendarDate;

  @Field(() => String, bilingual('What it is about, in words.', '报告内容'))
  readonly subject!: string;

  @Field(() => String, {
    nullable: true,
    ...bilingual('The decision that punishes it; it is then counted there.', '处罚决定书文号'),
  })
  readonly documentNumber?: string | null;
}
