import { Field, InputType, Int } from 'type-graphql';
import { bilingual } from '../description.ts';
import { DepartmentIdScalar } from '../scalars/scalars.ts';

@InputType(bilingual('Where a department takes notices. Registering again replaces all of it.', '回调地址登记'))
export class EndpointInput {
  @Field(() => DepartmentIdScalar, bilingual('Whose system it is.', '所属部门'))
  readonly department!: string;

  @Field(
    () => String,
    bilingual('https address in a public network, or one that the hub’s operator has allowed.', '地址(https)'),
  )
  readonly url!: string;

  @Field(() => Int, { defaultValue: 10, ...bilingual('Calls per second, at most: 1 to 100.', '每秒调用上限') })
  readonly ratePerSecond!: number;

  @Field(() => Int, {
    defaultValue: 4,
    ...bilingual('Calls at once, at most, from each worker of the hub: 1 to 32.', '并发上限(每个工作进程)'),
  })
  readonly concurrency!: number;

  @Field(() => String, { nullable: true, ...bilingual('For people, at most 200 characters.', '说明') })
  readonly description?: string | null;
}
