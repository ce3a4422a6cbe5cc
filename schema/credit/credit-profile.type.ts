import { Field, Int, ObjectType } from 'type-graphql';
import { Coverage } from '../coverage/coverage.type.ts';
import { bilingual } from '../description.ts';
import { RiskClassEnum, RiskIndicatorEnum, ThresholdUnitEnum } from '../enums.ts';
import { Provenance } from '../provenance/provenance.type.ts';
import type { ProvenanceRecord } from '../records.ts';
import type { RiskClass } from '../search/institution-entry.model.ts';
import { DateScalar, DateTimeScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import { RepairApplicationType } from './repair.type.ts';
import type { Indicator } from './risk-model.ts';
import type { ThresholdUnit } from './threshold-rules.ts';

@ObjectType('RiskFactor', {
  simpleResolvers: true,
  ...bilingual('One thing that weighs in a risk score, with the rows it rests on.', '风险因素'),
})
export class RiskFactorType {
  @Field(() => String, bilingual('Its name in the model.', '标识'))
  readonly id!: string;

  @Field(() => RiskIndicatorEnum, bilingual('The group of indicators it belongs to.', '指标类别'))
  readonly indicator!: Indicator;

  @Field(() => String, bilingual('What it is.', '英文名称'))
  readonly label!: string;

  @Field(() => String, bilingual('What it is, in Chinese.', '名称'))
  readonly labelZh!: string;

  @Field(() => String, bilingual('Why it counts: act or document.', '依据'))
  readonly basis!: string;

  @Field(() => Int, bilingual('Its points, after its cap.', '分值'))
  readonly points!: number;

  @Field(() => [Provenance], bilingual('The rows that weigh.', '依据记录'))
  readonly evidence!: readonly ProvenanceRecord[];
}

@ObjectType('SeriousThreshold', {
  simpleResolvers: true,
  ...bilingual('How near a case is to being serious in law; a person decides whether it is.', '情节严重阈值'),
})
export class SeriousThresholdType {
  @Field(() => String, bilingual('The rule, e.g. SER-ENV.', '规则'))
  readonly ruleId!: string;

  @Field(() => String, bilingual('Which of the rule’s criteria, e.g. VEHICLES.', '判定项'))
  readonly criterion!: string;

  @Field(() => String, bilingual('What is counted.', '英文说明'))
  readonly label!: string;

  @Field(() => String, bilingual('What is counted, in Chinese.', '说明'))
  readonly labelZh!: string;

  @Field(() => ThresholdUnitEnum, bilingual('In what it is counted.', '计量单位'))
  readonly unit!: ThresholdUnit;

  @Field(() => Int, bilingual('So many in the fullest window that still matters.', '计数'))
  readonly counted!: number;

  @Field(() => Int, bilingual('From so many on it is reached.', '阈值'))
  readonly threshold!: number;

  @Field(() => DateScalar, bilingual('First day of the window.', '窗口起'))
  readonly windowFrom!: CalendarDate;

  @Field(() => DateScalar, bilingual('Last day of the window.', '窗口止'))
  readonly windowTo!: CalendarDate;

  @Field(() => Boolean, bilingual('Whether it is reached.', '是否达到'))
  readonly reached!: boolean;

  @Field(() => String, bilingual('Act and article.', '法律依据'))
  readonly basis!: string;

  @Field(() => [Provenance], bilingual('What was counted, oldest first.', '计入记录'))
  readonly evidence!: readonly ProvenanceRecord[];
}

@ObjectType('CreditProfile', {
  simpleResolvers: true,
  ...bilingual(
    'Credit risk of an institution, explained. An internal tool: it sets how often is looked; it is never shown to the public and never a ground for a measure by itself.',
    '信用风险画像(内部监管工具,不对外公示,不单独作为惩戒依据)',
  ),
})
export class CreditProfileType {
  @Field(() => RiskClassEnum, bilingual('The class of the score.', '风险等级'))
  readonly riskClass!: RiskClass;

  @Field(
    () => Int,
    bilingual(
      '0 to 1000, higher is riskier; explained by `factors`, reproducible from `ruleset`, `computedAt` and what `computedFrom` is the digest of.',
      '风险分值(0-1000,越高风险越大)',
    ),
  )
  readonly riskScore!: number;

  @Field(() => [RiskFactorType], bilingual('What weighs; may add up to more than the score.', '风险因素'))
  readonly factors!: readonly RiskFactorType[];

  @Field(() => String, bilingual('Edition of the model.', '模型版本'))
  readonly modelVersion!: string;

  @Field(
    () => String,
    bilingual('Edition of the model with a digest of all rules it was computed by.', '规则集(模型版本与规则摘要)'),
  )
  readonly ruleset!: string;

  @Field(() => DateTimeScalar, bilingual('When it was computed.', '计算时间'))
  readonly computedAt!: Date;

  @Field(() => String, bilingual('SM3 of the facts it was computed from, hex.', '计算依据摘要(SM3)'))
  readonly computedFrom!: string;

  @Field(() => [SeriousThresholdType], bilingual('Serious thresholds and what is counted for them.', '情节严重阈值'))
  readonly seriousThresholds!: readonly SeriousThresholdType[];

  @Field(() => [RepairApplicationType], bilingual('Credit repairs, oldest first.', '信用修复'))
  readonly repairs!: readonly RepairApplicationType[];

  @Field(
    () => [Coverage],
    bilingual(
      'What stands behind it: a department that has not been read is missing from the score, for better and for worse.',
      '信息覆盖情况',
    ),
  )
  readonly coverage!: readonly Coverage[];
}
