import { Field, ObjectType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { InspectionResultEnum } from '../enums.ts';
import type { InstitutionNode } from '../institution/institution-node.ts';
import { Institution } from '../institution/institution.type.ts';
import { Provenance } from '../provenance/provenance.type.ts';
import { CapabilityItem } from '../qualification/qualification.type.ts';
import type {
  CapabilityItem as CapabilityItemRecord,
  InspectionReport,
  InspectionResult,
  ProvenanceRecord,
} from '../records.ts';
import { connectionTypes } from '../relay/connection.ts';
import { DateScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';

@ObjectType({ simpleResolvers: true, ...bilingual('A report on an inspection or test.', '检验检测报告') })
export class Report implements InspectionReport {
  @Field(() => String, bilingual('Report number; unique within the institution only.', '报告编号'))
  readonly number!: string;

  @Field(() => Institution, bilingual('Who issued it.', '出具机构'))
  readonly institution!: InstitutionNode;

  @Field(() => DateScalar, bilingual('Day of issue.', '签发日期'))
  readonly issuedOn!: CalendarDate;

  @Field(() => [CapabilityItem], bilingual('What was tested, by which standards.', '检验项目与依据'))
  readonly parameters!: readonly CapabilityItemRecord[];

  @Field(() => String, {
    nullable: true,
    ...bilingual('Authorised signatory, masked by role.', '授权签字人(按角色脱敏)'),
  })
  readonly signatory!: string | null;

  @Field(() => InspectionResultEnum, bilingual('Conclusion.', '结论'))
  readonly conclusion!: InspectionResult;

  @Field(() => String, { nullable: true, ...bilingual('SM3 of the filed report, hex.', '报告SM3摘要') })
  readonly digest!: string | null;

  @Field(() => Provenance, bilingual('Whose word it is.', '数据来源'))
  readonly provenance!: ProvenanceRecord;
}

export const { ConnectionType: ReportConnection } = connectionTypes('Report', () => Report);

export function reportOf(report: InspectionReport, institution: InstitutionNode, provenance: ProvenanceRecord): Report {
  const { number, issuedOn, parameters, signatory, conclusion, digest } = report;
  return { number, issuedOn, parameters, signatory, conclusion, digest, institution, provenance };
}
