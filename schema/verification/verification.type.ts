import { Field, ObjectType } from 'type-graphql';
import { Coverage } from '../coverage/coverage.type.ts';
import { bilingual } from '../description.ts';
import { CheckDoubtEnum, ReportVerdictEnum } from '../enums.ts';
import type { Doubt } from '../recognition/check.ts';
import { Report } from '../report/report.type.ts';

export type ReportVerdict = keyof typeof ReportVerdictEnum;

@ObjectType({ simpleResolvers: true, ...bilingual('One check and what it rests on.', '核验项') })
export class RecognitionCheck {
  @Field(() => String, bilingual('Name of the check.', '名称'))
  readonly name!: string;

  @Field(() => String, {
    nullable: true,
    ...bilingual('Reason code for not recognising a result when it fails, RJ01 to RJ11.', '不予采信原因代码'),
  })
  readonly code?: string | null;

  @Field(() => Boolean, { nullable: true, ...bilingual('Null when it could not be made.', '是否通过(无法核验时为空)') })
  readonly passed!: boolean | null;

  @Field(() => String, { nullable: true, ...bilingual('What it rests on.', '依据') })
  readonly evidence!: string | null;

  @Field(() => CheckDoubtEnum, { nullable: true, ...bilingual('Why it could not be made.', '未决原因') })
  readonly doubt?: Doubt | null;

  @Field(() => Coverage, { nullable: true, ...bilingual('Whose answer it rests on, or whose is missing.', '覆盖情况') })
  readonly coverage!: Coverage | null;
}

@ObjectType({ simpleResolvers: true, ...bilingual('Whether a report is genuine.', '报告核验结果') })
export class ReportVerification {
  @Field(() => ReportVerdictEnum, bilingual('The verdict.', '结论'))
  readonly verdict!: ReportVerdict;

  @Field(() => Report, { nullable: true, ...bilingual('The report as registered.', '登记的报告') })
  readonly report!: Report | null;

  @Field(() => [RecognitionCheck], bilingual('Every check that led to the verdict, in order.', '核验过程'))
  readonly checks!: readonly RecognitionCheck[];
}
