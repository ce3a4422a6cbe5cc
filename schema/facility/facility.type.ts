import { Field, ID, ObjectType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { Provenance } from '../provenance/provenance.type.ts';
import type { FacilityRecord, ProvenanceRecord } from '../records.ts';
import { DateScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';

@ObjectType({
  simpleResolvers: true,
  ...bilingual('A line or a piece of equipment of an institution.', '检测线或设备'),
})
export class Facility implements FacilityRecord {
  @Field(() => ID, bilingual('Unique in the hub.', '标识'))
  readonly id!: string;

  @Field(() => String, bilingual('What it is: LINE, BRAKE_TESTER, GAS_ANALYSER ...', '类别'))
  readonly kind!: string;

  @Field(() => String, bilingual('Name and number.', '名称'))
  readonly name!: string;

  @Field(() => DateScalar, { nullable: true, ...bilingual('Last day of its calibration.', '检定有效期止') })
  readonly calibrationValidTo!: CalendarDate | null;

  @Field(() => Provenance, bilingual('Whose word it is.', '数据来源'))
  readonly provenance!: ProvenanceRecord;
}
