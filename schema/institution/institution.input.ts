import { Field, InputType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { InspectionResultEnum, InstitutionKindEnum, QualificationStatusEnum, RiskClassEnum } from '../enums.ts';
import type { InspectionResult, InstitutionKind, QualificationStatus } from '../records.ts';
import type { RiskClass } from '../search/institution-entry.model.ts';
import { DateScalar, DateTimeScalar, DepartmentIdScalar, RegionCodeScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';

@InputType(bilingual('Which institutions.', '机构筛选'))
export class InstitutionFilter {
  @Field(() => String, {
    nullable: true,
    ...bilingual('Part of the name, a credit code or a CMA number.', '名称、代码或证书编号'),
  })
  readonly text?: string | null;

  @Field(() => RegionCodeScalar, { nullable: true, ...bilingual('In this division.', '行政区划') })
  readonly region?: string | null;

  @Field(() => [InstitutionKindEnum], { nullable: true, ...bilingual('Of one of these kinds.', '机构类型') })
  readonly kinds?: InstitutionKind[] | null;

  @Field(() => [RiskClassEnum], {
    nullable: true,
    ...bilingual('Of one of these risk classes; for staff and departments only.', '风险等级(仅限部门与工作人员)'),
  })
  readonly riskClass?: RiskClass[] | null;

  @Field(() => Boolean, {
    nullable: true,
    ...bilingual('With (or without) an entry on a list that stands today.', '是否在名单'),
  })
  readonly listed?: boolean | null;

  @Field(() => QualificationStatusEnum, {
    nullable: true,
    ...bilingual('With a qualification in this status.', '资质状态'),
  })
  readonly qualification?: QualificationStatus | null;
}

@InputType(bilingual('Which inspections.', '检验筛选'))
export class InspectionFilter {
  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('Begun at or after.', '起始时间') })
  readonly from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('Begun at or before.', '截止时间') })
  readonly to?: Date | null;

  @Field(() => InspectionResultEnum, { nullable: true, ...bilingual('With this verdict.', '结论') })
  readonly result?: InspectionResult | null;

  @Field(() => [DepartmentIdScalar], { nullable: true, ...bilingual('Held by one of these departments.', '部门') })
  readonly departments?: string[] | null;

  @Field(() => String, { nullable: true, ...bilingual('Of this vehicle (VIN).', '车辆识别代号') })
  readonly vin?: string | null;
}

@InputType(bilingual('Which reports.', '报告筛选'))
export class ReportFilter {
  @Field(() => DateScalar, { nullable: true, ...bilingual('Issued on or after.', '起始日期') })
  readonly from?: CalendarDate | null;

  @Field(() => DateScalar, { nullable: true, ...bilingual('Issued on or before.', '截止日期') })
  readonly to?: CalendarDate | null;

  @Field(() => String, { nullable: true, ...bilingual('With this number.', '报告编号') })
  readonly number?: string | null;
}
