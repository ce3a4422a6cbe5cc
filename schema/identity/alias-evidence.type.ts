import { Field, ObjectType } from 'type-graphql';
import { bilingual } from '../description.ts';
import type { MatchEvidence } from './match-evidence.ts';

@ObjectType({
  simpleResolvers: true,
  ...bilingual('One fact in which the register and a department can be compared.', '匹配依据'),
})
export class AliasEvidence implements MatchEvidence {
  @Field(() => String, bilingual('creditCode, cmaNumber, name or region.', '比对项'))
  readonly field!: MatchEvidence['field'];

  @Field(() => String, { nullable: true, ...bilingual('The register’s word.', '登记部门的值') })
  readonly ours!: string | null;

  @Field(() => String, { nullable: true, ...bilingual('The department’s word.', '该部门的值') })
  readonly theirs!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    ...bilingual('Whether they agree; null where one of them says nothing, or less.', '是否一致'),
  })
  readonly agrees!: boolean | null;
}
