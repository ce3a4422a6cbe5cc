import { Field, ObjectType } from 'type-graphql';
import { Department } from '../department/department.type.ts';
import type { CoverageEntry } from '../department-answer.ts';
import { bilingual } from '../description.ts';
import { CoverageStatusEnum, FacetEnum, type CoverageStatus } from '../enums.ts';
import type { Facet } from '../records.ts';
import { DateTimeScalar } from '../scalars/scalars.ts';

@ObjectType({
  simpleResolvers: true,
  ...bilingual('What one department’s answer to one kind of question is worth.', '信息覆盖情况'),
})
export class Coverage implements CoverageEntry {
  @Field(() => Department, bilingual('Whose answer.', '部门'))
  readonly department!: CoverageEntry['department'];

  @Field(() => FacetEnum, bilingual('To which kind of question.', '信息类别'))
  readonly facet!: Facet;

  @Field(() => CoverageStatusEnum, bilingual('Whether it answered, and from where.', '覆盖状态'))
  readonly status!: CoverageStatus;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('When the answer was true at the source.', '数据时点') })
  readonly asOf!: Date | null;

  @Field(() => String, {
    nullable: true,
    ...bilingual('Why it is not a full, live answer; begins with a published error code.', '原因'),
  })
  readonly reason!: string | null;
}

@ObjectType({
  simpleResolvers: true,
  ...bilingual('Whether a decision may rest on what was shown.', '决策依据是否充分'),
})
export class DecisionSafety {
  @Field(() => Boolean, bilingual('True only when every department that is needed answered in time.', '是否可依据'))
  readonly safe!: boolean;

  @Field(() => [Coverage], bilingual('What stands against it; empty when safe.', '不充分的原因'))
  readonly reasons!: readonly Coverage[];
}
