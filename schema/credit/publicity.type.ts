import { Field, ObjectType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { PublicityEndEnum } from '../enums.ts';
import { DateScalar } from '../scalars/scalars.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import { isPublicOn, type Publicity, type PublicityEnd } from './publicity.ts';

@ObjectType('Publicity', {
  simpleResolvers: true,
  ...bilingual('From when to when something is public, and what ends it.', '公示期'),
})
export class PublicityType {
  @Field(() => DateScalar, bilingual('First day.', '公示起'))
  readonly from!: CalendarDate;

  @Field(() => DateScalar, {
    nullable: true,
    ...bilingual('The first day on which it is not public any more; null while no end is known.', '停止公示日'),
  })
  readonly until!: CalendarDate | null;

  @Field(() => PublicityEndEnum, { nullable: true, ...bilingual('What ends it.', '停止原因') })
  readonly endsBy!: PublicityEnd | null;

  @Field(() => Boolean, bilingual('Whether it is public today.', '当前是否公示'))
  readonly isPublic!: boolean;

  @Field(() => String, bilingual('Edition of the rule.', '适用规则'))
  readonly edition!: string;
}

/** @param today in Asia/Shanghai */
export const publicityNode = (publicity: Publicity, today: CalendarDate): PublicityType => ({
  ...publicity,
  isPublic: isPublicOn(publicity, today),
});
