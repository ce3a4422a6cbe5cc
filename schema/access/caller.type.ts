import { Field, ObjectType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { DepartmentIdScalar, RegionCodeScalar } from '../scalars/scalars.ts';

@ObjectType('Caller', { simpleResolvers: true, ...bilingual('Who asks, as the hub sees it.', '调用方') })
export class CallerType {
  @Field(() => String, bilingual('Name under which acts are recorded.', '名称'))
  readonly subject!: string;

  @Field(() => DepartmentIdScalar, {
    nullable: true,
    ...bilingual('The department for which the caller acts.', '所属部门'),
  })
  readonly department!: string | null;

  @Field(() => [String], bilingual('What it may act as.', '角色'))
  readonly roles!: readonly string[];

  @Field(() => [RegionCodeScalar], bilingual('Divisions within which it acts, as prefixes.', '行政区划范围'))
  readonly regions!: readonly string[];
}
