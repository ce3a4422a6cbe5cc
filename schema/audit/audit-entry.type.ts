import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { AuditKindEnum, AuditResultEnum } from '../enums.ts';
import { connectionTypes } from '../relay/connection.ts';
import { DateTimeScalar, DepartmentIdScalar } from '../scalars/scalars.ts';
import type { AuditKind, AuditOutcome } from './audit-record.ts';

@InputType(bilingual('Which records.', '审计筛选'))
export class AuditFilter {
  @Field(() => String, {
    nullable: true,
    ...bilingual(
      'That name this institution, report, certificate, notice, vehicle or person: a code, a number, or a name in full.',
      '涉及的机构、报告、证书、通知、车辆或个人',
    ),
  })
  readonly subject?: string | null;

  @Field(() => String, { nullable: true, ...bilingual('Of this caller.', '调用方') })
  readonly caller?: string | null;

  @Field(() => DepartmentIdScalar, { nullable: true, ...bilingual('Of callers of this department.', '部门') })
  readonly department?: string | null;

  @Field(() => [AuditResultEnum], { nullable: true, ...bilingual('That ended so.', '结果') })
  readonly result?: AuditOutcome['result'][] | null;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('At or after.', '起始时间') })
  readonly from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('Before.', '截止时间') })
  readonly to?: Date | null;
}

@ObjectType('AuditCalls', { simpleResolvers: true, ...bilingual('Calls to one department.', '对部门的调用') })
export class AuditCalls {
  @Field(() => DepartmentIdScalar, bilingual('Which one.', '部门'))
  readonly department!: string;

  @Field(() => Int, bilingual('How many.', '次数'))
  readonly count!: number;
}

@ObjectType('AuditEntry', {
  simpleResolvers: true,
  ...bilingual('One record of the audit trail; most operations have two.', '审计记录(一次操作通常两条)'),
})
export class AuditEntryType {
  @Field(() => DateTimeScalar, bilingual('When it was put on record.', '时间'))
  readonly at!: Date;

  @Field(() => AuditKindEnum, bilingual('What the record is.', '类别'))
  readonly kind!: AuditKind;

  @Field(() => String, bilingual('The reference that the caller was given; pairs beginning and end.', '操作标识'))
  readonly operationId!: string;

  @Field(() => String, bilingual('Who.', '调用方'))
  readonly caller!: string;

  @Field(() => DepartmentIdScalar, { nullable: true, ...bilingual('For which department.', '部门') })
  readonly department!: string | null;

  @Field(() => [String], bilingual('As what.', '角色'))
  readonly roles!: readonly string[];

  @Field(() => String, { nullable: true, ...bilingual('Why, as the caller said.', '目的') })
  readonly purpose!: string | null;

  @Field(() => String, { nullable: true, ...bilingual('In which case, as the caller said.', '案号') })
  readonly caseNumber!: string | null;

  @Field(() => String, { nullable: true, ...bilingual('Name of the operation.', '操作名') })
  readonly operation!: string | null;

  @Field(() => [String], bilingual('Fields of the root, or words of a command.', '根字段'))
  readonly fields!: readonly string[];

  @Field(() => [String], bilingual('Asked for, or shown; persons and vehicles by a digest.', '涉及对象'))
  readonly subjects!: readonly string[];

  @Field(() => AuditResultEnum, { nullable: true, ...bilingual('How it ended; null at its beginning.', '结果') })
  readonly result!: AuditOutcome['result'] | null;

  @Field(() => [String], bilingual('Codes of the errors.', '错误码'))
  readonly codes!: readonly string[];

  @Field(() => Int, { nullable: true, ...bilingual('Records that came for it.', '记录数') })
  readonly records!: number | null;

  @Field(() => [AuditCalls], bilingual('Calls made for it.', '部门调用'))
  readonly upstreamCalls!: readonly AuditCalls[];

  @Field(() => Int, { nullable: true, ...bilingual('How long it took, in milliseconds.', '耗时(毫秒)') })
  readonly durationMs!: number | null;

  @Field(() => String, bilingual('The chain in which it stands.', '链'))
  readonly chain!: string;

  @Field(() => Int, bilingual('Its number in the chain.', '序号'))
  readonly sequence!: number;

  @Field(() => String, bilingual('Its hash (SM3).', '哈希(SM3)'))
  readonly hash!: string;
}

export const { ConnectionType: AuditEntryConnection } = connectionTypes('AuditEntry', () => AuditEntryType);
