import { Field, Float, ID, Int, InterfaceType, ObjectType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { EmissionMethodEnum, InspectionResultEnum } from '../enums.ts';
import type { InstitutionNode } from '../institution/institution-node.ts';
import { Institution } from '../institution/institution.type.ts';
import { Provenance } from '../provenance/provenance.type.ts';
import type {
  EmissionMethod,
  InspectionRecord,
  InspectionResult,
  Measurement as MeasurementRecord,
  ProcessSample as ProcessSampleRecord,
  ProvenanceRecord,
  VehicleRecord,
} from '../records.ts';
import { connectionTypes } from '../relay/connection.ts';
import { Report } from '../report/report.type.ts';
import { DateScalar, DateTimeScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';

@ObjectType({ simpleResolvers: true, ...bilingual('A vehicle; plate and VIN are masked by role.', '车辆(按角色脱敏)') })
export class Vehicle implements VehicleRecord {
  @Field(() => String, { nullable: true, ...bilingual('Vehicle identification number, GB 16735.', '车辆识别代号') })
  readonly vin!: string | null;

  @Field(() => String, { nullable: true, ...bilingual('Plate with the province character.', '号牌号码') })
  readonly plate!: string | null;

  @Field(() => String, { nullable: true, ...bilingual('Plate category, GA/T 16.7.', '号牌种类') })
  readonly plateCategory!: string | null;

  @Field(() => String, { nullable: true, ...bilingual('Fuel, GA/T 16.9 letters.', '燃料种类') })
  readonly fuel!: string | null;
}

/** An inspection as it travels through the graph: the record and the institution it was found under. */
export type InspectionNode = InspectionRecord & { readonly institution: InstitutionNode };

@InterfaceType('Inspection', {
  resolveType: (node: InspectionNode) => node.kind,
  ...bilingual(
    'One pass of one vehicle or sample; implemented by one type per kind, so that a new source can add its own.',
    '一次检验检测',
  ),
})
export abstract class Inspection {
  @Field(() => ID, bilingual('Unique in the hub.', '标识'))
  readonly id!: string;

  @Field(() => Institution, bilingual('Who inspected.', '检验检测机构'))
  readonly institution!: InstitutionNode;

  @Field(() => DateTimeScalar, bilingual('Begin, by the department’s own clock.', '开始时间'))
  readonly startedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('End, by the department’s own clock.', '结束时间') })
  readonly endedAt!: Date | null;

  @Field(() => InspectionResultEnum, bilingual('Normalised verdict.', '结论'))
  readonly result!: InspectionResult;

  @Field(() => String, {
    nullable: true,
    ...bilingual('The department’s own code beside the normalised result.', '部门原始结论代码'),
  })
  readonly rawResult!: string | null;

  @Field(() => Report, { nullable: true, ...bilingual('The report on it, if one was issued.', '报告') })
  readonly report?: Report | null;

  @Field(() => Vehicle, { nullable: true, ...bilingual('The vehicle, if one was inspected.', '车辆') })
  readonly vehicle!: VehicleRecord | null;

  @Field(() => Provenance, bilingual('Whose word it is.', '数据来源'))
  readonly provenance!: ProvenanceRecord;
}

@ObjectType({
  implements: Inspection,
  simpleResolvers: true,
  ...bilingual('Safety inspection of a vehicle (GB 38900), held by public security.', '机动车安全技术检验'),
})
export class VehicleSafetyInspection extends Inspection {
  @Field(() => String, { nullable: true, ...bilingual('Inspection line.', '检测线') })
  readonly lineNumber!: string | null;

  @Field(() => Int, { nullable: true, ...bilingual('1 for the first pass, 2 for a repeat ...', '检验次数') })
  readonly pass!: number | null;

  @Field(() => String, { nullable: true, ...bilingual('Category code: 00 registration, 01 periodic ...', '检验类别') })
  readonly category!: string | null;
}

@ObjectType({ simpleResolvers: true, ...bilingual('One measured value of a test.', '检测值') })
export class Measurement implements MeasurementRecord {
  @Field(() => String, bilingual('What was measured.', '项目'))
  readonly name!: string;

  @Field(() => Float, bilingual('Measured value.', '测量值'))
  readonly value!: number;

  @Field(() => Float, { nullable: true, ...bilingual('Limit.', '限值') })
  readonly limit!: number | null;

  @Field(() => String, bilingual('Unit.', '单位'))
  readonly unit!: string;

  @Field(() => InspectionResultEnum, bilingual('Judgement of this value.', '判定'))
  readonly result!: InspectionResult;
}

@ObjectType({ simpleResolvers: true, ...bilingual('One second of an emission test.', '逐秒过程数据') })
export class ProcessSample implements ProcessSampleRecord {
  @Field(() => Int, bilingual('Second of the test, from 1.', '秒'))
  readonly second!: number;

  @Field(() => Float, { nullable: true, ...bilingual('Speed, km/h.', '车速') })
  readonly speedKmh!: number | null;

  @Field(() => Float, { nullable: true, ...bilingual('Engine speed, 1/min.', '转速') })
  readonly rpm!: number | null;

  @Field(() => Float, { nullable: true, ...bilingual('HC, ppm.', '碳氢') })
  readonly hcPpm!: number | null;

  @Field(() => Float, { nullable: true, ...bilingual('CO, %.', '一氧化碳') })
  readonly coPercent!: number | null;

  @Field(() => Float, { nullable: true, ...bilingual('CO2, %.', '二氧化碳') })
  readonly co2Percent!: number | null;

  @Field(() => Float, { nullable: true, ...bilingual('NO, ppm.', '一氧化氮') })
  readonly noPpm!: number | null;

  @Field(() => Float, { nullable: true, ...bilingual('O2, %.', '氧') })
  readonly o2Percent!: number | null;

  @Field(() => Float, { nullable: true, ...bilingual('Excess air ratio.', '过量空气系数') })
  readonly lambda!: number | null;
}

@ObjectType({
  implements: Inspection,
  simpleResolvers: true,
  ...bilingual('Emission test of a vehicle (GB 18285, GB 3847), held by ecology.', '机动车排放检验'),
})
export class VehicleEmissionTest extends Inspection {
  @Field(() => String, { nullable: true, ...bilingual('Test line.', '检测线') })
  readonly lineNumber!: string | null;

  @Field(() => Int, { nullable: true, ...bilingual('1 for the first pass, 2 for a repeat ...', '检验次数') })
  readonly pass!: number | null;

  @Field(() => EmissionMethodEnum, bilingual('Test method.', '检测方法'))
  readonly method!: EmissionMethod;

  @Field(() => Float, { nullable: true, ...bilingual('Air temperature, °C.', '温度') })
  readonly temperatureCelsius!: number | null;

  @Field(() => Float, { nullable: true, ...bilingual('Relative humidity, %.', '湿度') })
  readonly humidityPercent!: number | null;

  @Field(() => Float, { nullable: true, ...bilingual('Air pressure, kPa.', '大气压') })
  readonly pressureKilopascal!: number | null;

  @Field(() => [Measurement], bilingual('Measured values with limits.', '检测值与限值'))
  readonly measurements!: readonly MeasurementRecord[];

  @Field(() => [ProcessSample], {
    nullable: true,
    ...bilingual(
      'Per-second process data, asked from the department when selected; null with an error when it does not answer.',
      '逐秒过程数据(按需获取)',
    ),
  })
  readonly processSeries?: readonly ProcessSampleRecord[] | null;
}

@ObjectType({
  implements: Inspection,
  simpleResolvers: true,
  ...bilingual(
    'Comprehensive performance test of a commercial vehicle, held by transport.',
    '道路运输车辆综合性能检测',
  ),
})
export class RoadVehicleTest extends Inspection {
  @Field(() => String, { nullable: true, ...bilingual('Test line.', '检测线') })
  readonly lineNumber!: string | null;

  @Field(() => Int, { nullable: true, ...bilingual('1 for the first pass, 2 for a repeat ...', '检验次数') })
  readonly pass!: number | null;

  @Field(() => String, { nullable: true, ...bilingual('Technical grade, 1 or 2.', '技术等级') })
  readonly technicalGrade!: string | null;

  @Field(() => DateScalar, { nullable: true, ...bilingual('Last day of the grade.', '等级有效期止') })
  readonly gradeValidTo!: CalendarDate | null;

  @Field(() => String, { nullable: true, ...bilingual('Road transport permit.', '道路运输证号') })
  readonly transportPermit!: string | null;

  @Field(() => Float, { nullable: true, ...bilingual('Odometer, km.', '里程') })
  readonly odometerKm!: number | null;
}

@ObjectType({ simpleResolvers: true, ...bilingual('One parameter of a laboratory test.', '检测项目') })
export class LaboratoryTestItem {
  @Field(() => String, bilingual('Parameter.', '参数'))
  readonly parameter!: string;

  @Field(() => String, bilingual('Standard with its year.', '依据标准'))
  readonly standard!: string;

  @Field(() => InspectionResultEnum, bilingual('Judgement.', '判定'))
  readonly result!: InspectionResult;
}

@ObjectType({
  implements: Inspection,
  simpleResolvers: true,
  ...bilingual('Test of a sample by a laboratory or a monitoring body.', '样品检测或监测任务'),
})
export class LaboratoryTest extends Inspection {
  @Field(() => String, { nullable: true, ...bilingual('What was sampled.', '对象') })
  readonly object!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('Time of sampling.', '采样时间') })
  readonly sampledAt!: Date | null;

  @Field(() => [LaboratoryTestItem], bilingual('Parameters tested.', '检测项目'))
  readonly items!: readonly LaboratoryTestItem[];
}

export const { ConnectionType: InspectionConnection } = connectionTypes<Inspection>(
  'Inspection',
  // Interfaces are abstract; the graph only needs to know which one.
  () => Inspection as unknown as new () => Inspection,
);
