import { Field, ObjectType } from 'type-graphql';
import { publicityNode, PublicityType } from '../credit/publicity.type.ts';
import { isPublicOn, standingOf } from '../credit/publicity.ts';
import type { Repaired } from '../credit/repaired.ts';
import { bilingual } from '../description.ts';
import { ListTypeEnum } from '../enums.ts';
import { Provenance } from '../provenance/provenance.type.ts';
import type { ListEntryRecord, ListType, ProvenanceRecord } from '../records.ts';
import { DateScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';

@ObjectType({ simpleResolvers: true, ...bilingual('An entry on an abnormal or serious list.', '名录或名单记录') })
export class ListEntry implements ListEntryRecord {
  @Field(() => ListTypeEnum, bilingual('Which list.', '名单类型'))
  readonly listType!: ListType;

  @Field(() => String, bilingual('Why it was listed.', '列入原因'))
  readonly reason!: string;

  @Field(() => DateScalar, bilingual('Day of listing.', '列入日期'))
  readonly listedOn!: CalendarDate;

  @Field(() => String, bilingual('Who listed it.', '作出决定机关'))
  readonly authority!: string;

  @Field(() => DateScalar, { nullable: true, ...bilingual('Day of removal.', '移出日期') })
  readonly removedOn!: CalendarDate | null;

  @Field(() => Boolean, bilingual('Whether it stands today.', '是否有效'))
  readonly active!: boolean;

  @Field(() => PublicityType, {
    nullable: true,
    ...bilingual('From when to when it stands, and what ends it; null while repairs cannot be read.', '列入期限'),
  })
  readonly publicity!: PublicityType | null;

  @Field(() => Provenance, bilingual('Whose word it is.', '数据来源'))
  readonly provenance!: ProvenanceRecord;
}

/**
 * @param today in Asia/Shanghai
 * @param repairs null: cannot be read now; by the department's word and the term alone it is then said whether it stands
 */
export function listEntryOf(
  record: ListEntryRecord,
  today: CalendarDate,
  repairs: readonly Repaired[] | null,
): ListEntry {
  const standing = standingOf(record, repairs ?? []);
  return { ...record, active: isPublicOn(standing, today), publicity: repairs && publicityNode(standing, today) };
}
