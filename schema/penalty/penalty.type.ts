import { Field, Float, ID, ObjectType } from 'type-graphql';
import { publicityNode, PublicityType } from '../credit/publicity.type.ts';
import { classOf, publicityOf } from '../credit/publicity.ts';
import type { Repaired } from '../credit/repaired.ts';
import { bilingual } from '../description.ts';
import { SeverityEnum } from '../enums.ts';
import { Provenance } from '../provenance/provenance.type.ts';
import type { PenaltyRecord, ProvenanceRecord, Severity } from '../records.ts';
import { connectionTypes } from '../relay/connection.ts';
import { DateScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';

@ObjectType({ simpleResolvers: true, ...bilingual('An administrative penalty.', '行政处罚') })
export class Penalty {
  @Field(() => ID, bilingual('Unique in the hub.', '标识'))
  readonly id!: string;

  @Field(() => String, bilingual('Number of the decision, with hexagonal brackets.', '决定书文号'))
  readonly documentNumber!: string;

  @Field(() => String, bilingual('Deciding authority.', '处罚机关'))
  readonly authority!: string;

  @Field(() => [String], bilingual('Categories in the words of the Administrative Penalty Law, art. 9.', '处罚类别'))
  readonly category!: readonly string[];

  @Field(() => String, bilingual('The infringement.', '违法行为'))
  readonly reason!: string;

  @Field(() => String, { nullable: true, ...bilingual('Legal basis.', '处罚依据') })
  readonly basis!: string | null;

  @Field(() => Float, { nullable: true, ...bilingual('Fine in fen.', '罚款(分)') })
  readonly fineFen!: number | null;

  @Field(() => DateScalar, bilingual('Day of the decision.', '决定日期'))
  readonly decidedOn!: CalendarDate;

  @Field(() => SeverityEnum, bilingual('The department’s own class, else by category and amount.', '失信程度'))
  readonly severity!: Severity;

  @Field(() => DateScalar, { nullable: true, ...bilingual('First day of publication.', '公示起') })
  readonly publishedFrom!: CalendarDate | null;

  @Field(() => DateScalar, { nullable: true, ...bilingual('Last day of publication.', '公示止') })
  readonly publishedTo!: CalendarDate | null;

  @Field(() => PublicityType, {
    nullable: true,
    ...bilingual(
      'From when to when it may be public by the rules, and what ends it; null while repairs cannot be read.',
      '公示期(按规则)',
    ),
  })
  readonly publicity!: PublicityType | null;

  @Field(() => Provenance, bilingual('Whose word it is.', '数据来源'))
  readonly provenance!: ProvenanceRecord;
}

export const { ConnectionType: PenaltyConnection } = connectionTypes('Penalty', () => Penalty);

/**
 * @param today in Asia/Shanghai
 * @param repairs null: cannot be read now
 */
export function penaltyOf(record: PenaltyRecord, today: CalendarDate, repairs: readonly Repaired[] | null): Penalty {
  const { categories, ...facts } = record;
  const publicity = repairs && publicityNode(publicityOf(record, repairs), today);
  return { ...facts, category: categories, severity: classOf(record), publicity };
}
