import { Field, ObjectType } from 'type-graphql';
import { Department } from '../department/department.type.ts';
import { bilingual } from '../description.ts';
import { AliasActEnum } from '../enums.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import { CreditCodeScalar, DateTimeScalar } from '../scalars/scalars.ts';
import type { AliasEvent } from './alias-decision.ts';
import { AliasEvidence } from './alias-evidence.type.ts';

@ObjectType({
  simpleResolvers: true,
  ...bilingual('What somebody has said of a local number and an institution, as it stands.', '有效的人工结论'),
})
export class AliasStatement {
  @Field(() => CreditCodeScalar, bilingual('The institution.', '机构'))
  readonly creditCode!: string;

  @Field(() => String, bilingual('Who has said so.', '操作人'))
  readonly by!: string;

  @Field(() => DateTimeScalar, bilingual('When.', '时间'))
  readonly at!: Date;
}

@ObjectType('AliasEvent', {
  simpleResolvers: true,
  ...bilingual('One act on a local number; kept for ever.', '操作记录'),
})
export class AliasEventType {
  @Field(() => AliasActEnum, bilingual('What was done.', '操作'))
  readonly kind!: AliasEvent['kind'];

  @Field(() => CreditCodeScalar, bilingual('Of which institution.', '机构'))
  readonly creditCode!: string;

  @Field(() => String, bilingual('By whom.', '操作人'))
  readonly by!: string;

  @Field(() => DateTimeScalar, bilingual('When.', '时间'))
  readonly at!: Date;

  @Field(() => String, { nullable: true, ...bilingual('Why, in the person’s own words.', '说明') })
  readonly note!: string | null;

  @Field(() => [AliasEvidence], bilingual('The facts compared, as they were then.', '当时的依据'))
  readonly evidence!: readonly AliasEvidence[];
}

@ObjectType('AliasDecision', {
  simpleResolvers: true,
  ...bilingual('What people have decided on a local number.', '内部编号的人工结论'),
})
export class AliasDecisionType {
  @Field(() => Department, bilingual('Whose number.', '部门'))
  readonly department!: DepartmentDescriptor;

  @Field(() => String, bilingual('The number.', '内部编号'))
  readonly localId!: string;

  @Field(() => AliasStatement, {
    nullable: true,
    ...bilingual('Whose it is; null: the rules say.', '确认的归属;空则按规则'),
  })
  readonly confirmed!: AliasStatement | null;

  @Field(() => [AliasStatement], bilingual('Whose it is not.', '否定的归属'))
  readonly rejected!: readonly AliasStatement[];

  @Field(() => [AliasEventType], bilingual('Every act, oldest first.', '全部操作'))
  readonly history!: readonly AliasEventType[];
}
