import { Field, Int, ObjectType } from 'type-graphql';
import { Department } from '../department/department.type.ts';
import { bilingual } from '../description.ts';
import type { DepartmentDescriptor } from '../ports.ts';

@ObjectType({
  simpleResolvers: true,
  ...bilingual('A measure of the catalogue, in one edition of it.', '惩戒措施目录条目'),
})
export class Measure {
  @Field(() => String, bilingual('Id in the catalogue, e.g. M204.', '措施编号'))
  readonly id!: string;

  @Field(() => String, bilingual('Name in English.', '英文名称'))
  readonly name!: string;

  @Field(() => String, bilingual('Name in Chinese.', '中文名称'))
  readonly nameZh!: string;

  @Field(() => Int, bilingual('1 reduces rights, 2 management, 3 other organisations.', '措施类别'))
  readonly group!: number;

  @Field(() => String, bilingual('Legal basis.', '依据'))
  readonly basis!: string;

  @Field(() => String, bilingual('Edition of the catalogue.', '目录版本'))
  readonly edition!: string;

  @Field(() => Department, {
    nullable: true,
    ...bilingual(
      'The department that carries it out; null when every recipient does, or several named ones.',
      '实施部门',
    ),
  })
  readonly responsible!: DepartmentDescriptor | null;
}
