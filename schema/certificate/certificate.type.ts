import { Field, ObjectType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { QualificationStatusEnum } from '../enums.ts';
import type { InstitutionNode } from '../institution/institution-node.ts';
import { Institution } from '../institution/institution.type.ts';
import { Provenance } from '../provenance/provenance.type.ts';
import type { CertificateRecord, ProvenanceRecord, QualificationStatus } from '../records.ts';
import { CreditCodeScalar, DateScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';

@ObjectType({ simpleResolvers: true, ...bilingual('A certificate, whoever holds it.', '证书') })
export class Certificate implements Omit<CertificateRecord, 'issuerCode'> {
  @Field(() => String, bilingual('Kind of certificate.', '证书类别'))
  readonly scheme!: string;

  @Field(() => String, bilingual('Certificate number.', '证书编号'))
  readonly number!: string;

  @Field(() => QualificationStatusEnum, bilingual('Status today.', '当前状态'))
  readonly status!: QualificationStatus;

  @Field(() => String, bilingual('Name of the holder.', '获证组织'))
  readonly holderName!: string;

  @Field(() => CreditCodeScalar, { nullable: true, ...bilingual('Credit code of the holder.', '获证组织信用代码') })
  readonly holderCode!: CertificateRecord['holderCode'];

  @Field(() => Institution, { nullable: true, ...bilingual('Who issued it.', '发证机构') })
  readonly issuer?: InstitutionNode | null;

  @Field(() => DateScalar, { nullable: true, ...bilingual('First day of validity.', '有效期起') })
  readonly validFrom!: CalendarDate | null;

  @Field(() => DateScalar, { nullable: true, ...bilingual('Last day of validity.', '有效期止') })
  readonly validTo!: CalendarDate | null;

  @Field(() => Provenance, bilingual('Whose word it is.', '数据来源'))
  readonly provenance!: ProvenanceRecord;
}
