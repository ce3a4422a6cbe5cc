import { Field, ObjectType } from 'type-graphql';
import { Coverage } from '../coverage/coverage.type.ts';
import type { CoverageEntry } from '../department-answer.ts';
import { Department } from '../department/department.type.ts';
import { bilingual } from '../description.ts';
import { InspectedVerdictEnum, InspectionKindEnum, InspectionResultEnum } from '../enums.ts';
import type { InstitutionNode } from '../institution/institution-node.ts';
import { Institution } from '../institution/institution.type.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import type { InspectionResult } from '../records.ts';
import { DateTimeScalar } from '../scalars/scalars.ts';
import { RecognitionCheck } from '../verification/verification.type.ts';
import type { InspectionKind } from './rules.ts';

@ObjectType({
  simpleResolvers: true,
  ...bilingual('An inspection of the period, and whether its report would be recognised.', '期内的一次检验'),
})
export class InspectedResult {
  @Field(() => InspectionKindEnum, bilingual('What kind of inspection.', '检验类别'))
  readonly kind!: InspectionKind;

  @Field(() => Department, bilingual('Who holds it.', '数据部门'))
  readonly department!: DepartmentDescriptor;

  @Field(() => String, bilingual('The department’s own number of it.', '部门记录编号'))
  readonly recordId!: string;

  @Field(() => DateTimeScalar, bilingual('When it began.', '开始时间'))
  readonly startedAt!: Date;

  @Field(() => InspectionResultEnum, bilingual('Verdict.', '结论'))
  readonly result!: InspectionResult;

  @Field(() => String, { nullable: true, ...bilingual('Number of its report.', '报告编号') })
  readonly reportNumber!: string | null;

  @Field(() => Institution, {
    nullable: true,
    ...bilingual('Whose inspection it was, as far as can be told.', '检验机构'),
  })
  readonly institution!: InstitutionNode | null;

  @Field(() => Boolean, bilingual('Whether its report would be recognised for the purpose now.', '是否可采信'))
  readonly counts!: boolean;

  @Field(() => [String], bilingual('Codes of the checks that failed; with none, see the checks.', '原因代码'))
  readonly reasonCodes!: readonly string[];

  @Field(() => [RecognitionCheck], bilingual('Every check; none where no report is on record.', '核验项'))
  readonly checks!: readonly RecognitionCheck[];
}

@ObjectType({
  simpleResolvers: true,
  ...bilingual('Whether there is a result to rely on instead of inspecting again.', '是否已有可采信的检验结果'),
})
export class AlreadyInspected {
  @Field(() => InspectedVerdictEnum, bilingual('The answer.', '结论'))
  readonly verdict!: keyof typeof InspectedVerdictEnum;

  @Field(() => [InspectedResult], bilingual('Inspections of the period, newest first.', '期内检验'))
  readonly results!: readonly InspectedResult[];

  @Field(() => [Coverage], bilingual('What each department’s answer is worth.', '覆盖情况'))
  readonly coverage!: readonly CoverageEntry[];
}
