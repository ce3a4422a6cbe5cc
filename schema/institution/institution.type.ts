import { Field, Float, ObjectType } from 'type-graphql';
import { Conflict } from '../conflict/conflict.type.ts';
import { Coverage, DecisionSafety } from '../coverage/coverage.type.ts';
import { Department } from '../department/department.type.ts';
import { bilingual } from '../description.ts';
import { AliasMatchEnum, InstitutionKindEnum, InstitutionStatusEnum } from '../enums.ts';
import { Facility } from '../facility/facility.type.ts';
import { ListEntry } from '../list-entry/list-entry.type.ts';
import { AliasEvidence } from '../identity/alias-evidence.type.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import { Provenance } from '../provenance/provenance.type.ts';
import { Qualification } from '../qualification/qualification.type.ts';
import type { InstitutionKind, InstitutionStatus } from '../records.ts';
import { connectionTypes } from '../relay/connection.ts';
import { CreditCodeScalar, DateTimeScalar, RegionCodeScalar } from '../scalars/scalars.ts';

@ObjectType({ simpleResolvers: true, ...bilingual('An administrative division.', '行政区划') })
export class Region {
  @Field(() => RegionCodeScalar, bilingual('GB/T 2260, six digits.', '区划代码'))
  readonly code!: string;

  @Field(() => String, bilingual('Its own name.', '名称'))
  readonly name!: string;

  @Field(() => [String], bilingual('Names from the province down to itself.', '从省到本级的名称'))
  readonly path!: readonly string[];
}

@ObjectType({
  simpleResolvers: true,
  ...bilingual('A number under which a department knows the institution.', '部门内部编号与匹配'),
})
export class InstitutionAlias {
  @Field(() => Department, bilingual('Whose number.', '部门'))
  readonly department!: DepartmentDescriptor;

  @Field(() => String, bilingual('The number.', '内部编号'))
  readonly localId!: string;

  @Field(() => AliasMatchEnum, bilingual('How it was matched.', '匹配方式'))
  readonly matchedBy!: keyof typeof AliasMatchEnum;

  @Field(() => Float, bilingual('0..1: how sure the match is.', '置信度'))
  readonly confidence!: number;

  @Field(() => String, { nullable: true, ...bilingual('Who confirmed it by hand.', '确认人') })
  readonly confirmedBy!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('When it was confirmed by hand.', '确认时间') })
  readonly confirmedAt!: Date | null;

  @Field(() => [AliasEvidence], bilingual('The register’s facts beside the department’s, agreeing or not.', '匹配依据'))
  readonly evidence!: readonly AliasEvidence[];
}

@ObjectType({
  simpleResolvers: true,
  ...bilingual(
    'An inspection, testing or certification institution, as the departments together know it.',
    '检验检测认证机构',
  ),
})
export class Institution {
  @Field(() => CreditCodeScalar, bilingual('Its unified social credit code.', '统一社会信用代码'))
  readonly creditCode!: string;

  @Field(() => String, bilingual('Registered name.', '名称'))
  readonly name!: string;

  @Field(() => [InstitutionKindEnum], bilingual('What it does.', '机构类型'))
  readonly kinds!: readonly InstitutionKind[];

  @Field(() => InstitutionStatusEnum, bilingual('Status of its registration.', '登记状态'))
  readonly status!: InstitutionStatus;

  @Field(() => Region, bilingual('Where it is registered.', '行政区划'))
  readonly region?: Region;

  @Field(() => String, { nullable: true, ...bilingual('Registered address.', '地址') })
  readonly address!: string | null;

  @Field(
    () => [InstitutionAlias],
    bilingual('Local numbers per department and how each was matched to the credit code.', '各部门编号'),
  )
  readonly aliases?: readonly InstitutionAlias[];

  @Field(
    () => [Qualification],
    bilingual('Qualifications and filings at a time; now when no time is given.', '资质与备案'),
  )
  readonly qualifications?: readonly Qualification[];

  @Field(() => [Facility], bilingual('Lines and equipment.', '设施设备'))
  readonly facilities?: readonly Facility[];

  @Field(
    () => [ListEntry],
    bilingual(
      'Entries on abnormal and serious lists; to the public only those that stand today.',
      '名录名单(对公众仅显示有效记录)',
    ),
  )
  readonly listEntries?: readonly ListEntry[];

  @Field(
    () => [Conflict],
    bilingual('Facts on which departments disagree: every value, the rule used, the value chosen.', '部门间不一致'),
  )
  readonly conflicts?: readonly Conflict[];

  @Field(
    () => [Coverage],
    bilingual('What stands behind each kind of fact that this operation shows of the institution.', '信息覆盖情况'),
  )
  readonly coverage?: readonly Coverage[];

  @Field(
    () => DecisionSafety,
    bilingual(
      'False, with reasons, when a source that the decision needs is older than asked, silent or denied.',
      '决策依据是否充分',
    ),
  )
  readonly decisionSafety?: DecisionSafety;

  @Field(
    () => [Provenance],
    bilingual('Where the registration facts come from, one per department that has them.', '数据来源'),
  )
  readonly provenance?: readonly Provenance[];
}

const connection = connectionTypes('Institution', () => Institution);

@ObjectType({ simpleResolvers: true, ...bilingual('A page of institutions.', '机构列表') })
export class InstitutionConnection extends connection.ConnectionType {
  @Field(() => [Coverage], bilingual('What stands behind the list itself.', '列表的覆盖情况'))
  readonly coverage!: readonly Coverage[];
}
