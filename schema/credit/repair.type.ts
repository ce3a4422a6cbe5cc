import { Field, ID, ObjectType } from 'type-graphql';
import { Department } from '../department/department.type.ts';
import { bilingual } from '../description.ts';
import { DeliveryStateEnum, ListTypeEnum, RepairStateEnum } from '../enums.ts';
import type { DeliveryState } from '../notice/notice.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import type { ListType } from '../records.ts';
import { connectionTypes } from '../relay/connection.ts';
import { CreditCodeScalar, DateScalar, DateTimeScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import type { RepairState } from './repair-case.ts';

@ObjectType('RepairHolder', {
  simpleResolvers: true,
  ...bilingual('A department that holds the entry and must end it.', '持有部门'),
})
export class RepairHolderType {
  @Field(() => Department, bilingual('Which.', '部门'))
  readonly department?: DepartmentDescriptor;

  @Field(
    () => DeliveryStateEnum,
    bilingual('PENDING until it has been told, SENT, DEAD, or CONFIRMED_LIFT by its own word.', '同步状态'),
  )
  readonly state!: DeliveryState;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('When it said that it has ended it.', '确认时间') })
  readonly confirmedAt!: Date | null;
}

@ObjectType('RepairApplication', {
  simpleResolvers: true,
  ...bilingual('A credit repair of a penalty or of a list entry.', '信用修复申请'),
})
export class RepairApplicationType {
  @Field(() => ID, bilingual('Its id.', '标识'))
  readonly id?: string;

  @Field(() => RepairStateEnum, bilingual('How far it has come.', '状态'))
  readonly state!: RepairState;

  @Field(() => CreditCodeScalar, bilingual('Of which institution.', '机构代码'))
  readonly creditCode!: string;

  @Field(() => DateTimeScalar, bilingual('When it was applied for.', '申请时间'))
  readonly appliedAt?: Date;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('When it was accepted.', '受理时间') })
  readonly acceptedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('When it was decided.', '决定时间') })
  readonly decidedAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    ...bilingual('By when the next step is due, by working days.', '下一步时限'),
  })
  readonly dueAt!: Date | null;

  @Field(() => String, { nullable: true, ...bilingual('Of the penalty that is repaired.', '处罚决定书文号') })
  readonly penaltyDocumentNumber?: string | null;

  @Field(() => ListTypeEnum, { nullable: true, ...bilingual('Of the entry that is repaired.', '名单类型') })
  readonly listType?: ListType | null;

  @Field(() => DateScalar, { nullable: true, ...bilingual('Day of listing of that entry.', '列入日期') })
  readonly listedOn?: CalendarDate | null;

  @Field(() => Department, bilingual('Who decides: the department whose record it is.', '认定单位'))
  readonly determiner?: DepartmentDescriptor;

  @Field(() => String, bilingual('Edition of the rule by which it may be applied for.', '适用规则'))
  readonly edition!: string;

  @Field(() => String, { nullable: true, ...bilingual('Why it was decided so.', '理由') })
  readonly reason!: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    ...bilingual('Of a refused one: from when it may be applied for again.', '可再次申请日期'),
  })
  readonly retryFrom!: CalendarDate | null;

  @Field(() => [RepairHolderType], bilingual('Everybody who holds the entry; empty until it is approved.', '同步情况'))
  readonly holders!: readonly RepairHolderType[];
}

const connection = connectionTypes('RepairApplication', () => RepairApplicationType);

@ObjectType({ simpleResolvers: true, ...bilingual('A page of credit repairs.', '信用修复列表') })
export class RepairApplicationConnection extends connection.ConnectionType {}
