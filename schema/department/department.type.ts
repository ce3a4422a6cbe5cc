import { Field, Float, Int, ObjectType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { CircuitStateEnum, FacetEnum, SourceStateEnum } from '../enums.ts';
import type { CircuitState, SourceState } from '../ports.ts';
import type { Facet } from '../records.ts';
import { DateTimeScalar, DepartmentIdScalar } from '../scalars/scalars.ts';

@ObjectType({
  simpleResolvers: true,
  ...bilingual('Newest change that the hub’s replica holds of a facet.', '副本水位'),
})
export class Watermark {
  @Field(() => FacetEnum, bilingual('Of which facet.', '信息类别'))
  readonly facet!: Facet;

  @Field(() => DateTimeScalar, bilingual('Time of the newest change held.', '水位时间'))
  readonly at!: Date;

  @Field(() => Int, bilingual('Seconds since the replica was last known to hold everything of this facet.', '滞后秒数'))
  readonly lagSeconds!: number;
}

@ObjectType({
  simpleResolvers: true,
  ...bilingual('How a department’s system is doing, as the hub sees it.', '系统健康'),
})
export class SourceHealth {
  @Field(() => SourceStateEnum, bilingual('Overall.', '状态'))
  readonly state!: SourceState;

  @Field(() => CircuitStateEnum, bilingual('Whether calls pass.', '熔断状态'))
  readonly circuit!: CircuitState;

  @Field(() => DateTimeScalar, { nullable: true, ...bilingual('Last answer received.', '最近成功时间') })
  readonly lastSuccessAt!: Date | null;

  @Field(() => String, { nullable: true, ...bilingual('Code of the last failure.', '最近错误代码') })
  readonly lastErrorCode!: string | null;

  @Field(
    () => [Watermark],
    bilingual('Newest change that the replica holds, per facet that has been read in full.', '各类信息水位'),
  )
  readonly watermarks!: readonly Watermark[];

  @Field(() => Float, {
    nullable: true,
    ...bilingual(
      'Share of records that arrived within the statutory time (7 working days), 0..1. Counted are the penalties decided in the last 365 days that the replica holds: by their first day of publicity, or, where the department names none, by when they appeared there, unless they were there before the replica was first complete. Null where nothing can be judged.',
      '按期报送率：近365日作出的行政处罚在7个工作日内公示的比例；无公示日期的以首次出现时间为准；无可判定记录时为空',
    ),
  })
  readonly timeliness!: number | null;
}

@ObjectType({ simpleResolvers: true, ...bilingual('A government department whose system the hub reads.', '政府部门') })
export class Department {
  @Field(() => DepartmentIdScalar, bilingual('Name of its folder under sources/.', '部门标识'))
  readonly id!: string;

  @Field(() => String, bilingual('Department code, e.g. 01.', '部门代码'))
  readonly code!: string;

  @Field(() => String, bilingual('Name in English.', '英文名称'))
  readonly name!: string;

  @Field(() => String, bilingual('Name in Chinese.', '中文名称'))
  readonly nameZh!: string;

  @Field(() => [FacetEnum], bilingual('The kinds of facts that it holds.', '提供的信息类别'))
  readonly facets?: readonly Facet[];

  @Field(() => SourceHealth, bilingual('How its system is doing.', '系统健康'))
  readonly health?: SourceHealth;
}
