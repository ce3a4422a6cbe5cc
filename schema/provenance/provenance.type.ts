import { Field, ObjectType } from 'type-graphql';
import { Department } from '../department/department.type.ts';
import { bilingual } from '../description.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import { DateTimeScalar } from '../scalars/scalars.ts';

@ObjectType({
  simpleResolvers: true,
  ...bilingual('Whose fact it is, how old, and proof of what was received.', '数据来源'),
})
export class Provenance {
  @Field(() => Department, bilingual('Whose fact it is.', '来源部门'))
  readonly department?: DepartmentDescriptor;

  @Field(() => String, bilingual('The department’s own record number.', '来源记录号'))
  readonly sourceRecordId!: string;

  @Field(() => DateTimeScalar, bilingual('When it was true at the source.', '数据时点'))
  readonly asOf!: Date;

  @Field(() => DateTimeScalar, bilingual('When the hub received it.', '获取时间'))
  readonly fetchedAt!: Date;

  @Field(() => String, bilingual('SM3 of the raw reply, hex.', '原始应答的SM3摘要'))
  readonly receipt!: string;

  @Field(() => String, bilingual('Version of the adapter that read it.', '适配器版本'))
  readonly adapterVersion!: string;
}
