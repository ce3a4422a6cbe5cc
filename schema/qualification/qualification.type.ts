import { Field, ObjectType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { QualificationSchemeEnum, QualificationStatusEnum } from '../enums.ts';
import { Provenance } from '../provenance/provenance.type.ts';
import type {
  CapabilityItem as CapabilityItemRecord,
  ProvenanceRecord,
  QualificationRecord,
  QualificationScheme,
  QualificationStatus,
} from '../records.ts';
import { DateScalar, DateTimeScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';

@ObjectType({ simpleResolvers: true, ...bilingual('One row of a capability schedule.', '能力附表中的一行') })
export class CapabilityItem implements CapabilityItemRecord {
  @Field(() => String, bilingual('Product or object.', '产品/项目'))
  readonly object!: string;

  @Field(() => String, bilingual('Parameter or method.', '参数'))
  readonly parameter!: string;

  @Field(() => String, bilingual('Standard with its year.', '依据标准(含年号)'))
  readonly standard!: string;

  @Field(() => String, { nullable: true, ...bilingual('Restriction.', '限制范围') })
  readonly restriction!: string | null;

  @Field(() => String, { nullable: true, ...bilingual('Site where it may be done.', '场所') })
  readonly site!: string | null;
}

@ObjectType({
  simpleResolvers: true,
  ...bilingual('A qualification or filing as it stood at the time asked for.', '资质或备案'),
})
export class Qualification implements Pick<QualificationRecord, 'scheme' | 'number' | 'status'> {
  @Field(() => QualificationSchemeEnum, bilingual('Kind of qualification.', '资质类别'))
  readonly scheme!: QualificationScheme;

  @Field(() => String, bilingual('Certificate or filing number.', '证书或备案编号'))
  readonly number!: string;

  @Field(() => QualificationStatusEnum, bilingual('Status at the time asked for.', '状态'))
  readonly status!: QualificationStatus;

  @Field(() => DateScalar, { nullable: true, ...bilingual('First day of validity.', '有效期起') })
  readonly validFrom!: CalendarDate | null;

  @Field(() => DateScalar, { nullable: true, ...bilingual('Last day of validity.', '有效期止') })
  readonly validTo!: CalendarDate | null;

  @Field(() => String, { nullable: true, ...bilingual('Issuing authority.', '发证机关') })
  readonly issuer!: string | null;

  @Field(() => [CapabilityItem], bilingual('Capability scope at the time asked for.', '能力范围'))
  readonly scope!: readonly CapabilityItemRecord[];

  @Field(() => Boolean, bilingual('Granted through the emergency channel.', '是否应急通道'))
  readonly emergencyChannel!: boolean;

  @Field(() => DateTimeScalar, {
    nullable: true,
    ...bilingual('When the department recorded this version.', '登记时间'),
  })
  readonly recordedAt!: Date | null;

  @Field(() => Provenance, bilingual('Whose word it is.', '数据来源'))
  readonly provenance!: ProvenanceRecord;
}
