import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Department } from '../department/department.type.ts';
import { bilingual } from '../description.ts';
import { EndpointStateEnum } from '../enums.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import { DateTimeScalar } from '../scalars/scalars.ts';
import type { EndpointState } from './endpoint.ts';

@ObjectType('Endpoint', {
  simpleResolvers: true,
  ...bilingual('Where a department’s own system takes notices: a signed webhook.', '部门接收通知的回调地址'),
})
export class EndpointType {
  @Field(() => ID, bilingual('Its id; stays when it is registered again.', '标识'))
  readonly id!: string;

  @Field(() => Department, bilingual('Whose it is; each department has one.', '所属部门'))
  readonly department!: DepartmentDescriptor;

  @Field(() => String, bilingual('The address that is called.', '地址'))
  readonly url!: string;

  @Field(() => String, { nullable: true, ...bilingual('What the department says about it.', '说明') })
  readonly description!: string | null;

  @Field(() => EndpointStateEnum, bilingual('Whether it is called.', '状态'))
  readonly state!: EndpointState;

  @Field(() => DateTimeScalar, {
    nullable: true,
    ...bilingual('First failure since the last success; null while calls succeed.', '持续失败起始时间'),
  })
  readonly failingSince!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('Since when it is not called.', '停用时间') })
  readonly disabledAt!: Date | null;

  @Field(() => String, { nullable: true, ...bilingual('Why it is not called.', '停用原因') })
  readonly disabledReason!: string | null;

  @Field(() => Int, bilingual('Calls per second, at most.', '每秒调用上限'))
  readonly ratePerSecond!: number;

  @Field(() => Int, bilingual('Calls at once, at most, from each worker of the hub.', '并发上限(每个工作进程)'))
  readonly concurrency!: number;

  @Field(() => String, bilingual('Who registered it.', '登记人'))
  readonly createdBy!: string;

  @Field(() => DateTimeScalar, bilingual('When it was registered.', '登记时间'))
  readonly createdAt!: Date;

  @Field(() => DateTimeScalar, bilingual('Its last change by a person or a system.', '更新时间'))
  readonly updatedAt!: Date;

  @Field(() => String, {
    nullable: true,
    ...bilingual(
      'Secret with which messages are signed (whsec_...). Shown only by the mutation that first registers the endpoint; null everywhere else.',
      '签名密钥(仅首次登记时返回)',
    ),
  })
  readonly secret!: string | null;
}

@ObjectType('EndpointSecret', {
  simpleResolvers: true,
  ...bilingual('A new secret of an endpoint, shown only now.', '新签名密钥'),
})
export class EndpointSecretType {
  @Field(() => EndpointType, bilingual('Of which endpoint.', '回调地址'))
  readonly endpoint!: EndpointType;

  @Field(() => String, bilingual('The new secret (whsec_...); messages are signed with it at once.', '新密钥'))
  readonly secret!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    ...bilingual('Until when messages are signed with the secret before it, too.', '旧密钥失效时间'),
  })
  readonly previousUntil!: Date | null;
}
