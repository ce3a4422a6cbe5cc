import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import { editionOn, measuresOfEdition } from './catalogue.ts';
import { Measure } from './measure.type.ts';

@Resolver()
export class MeasureResolver {
  @Query(() => [Measure], bilingual('The catalogue of punishment measures.', '惩戒措施目录'))
  measures(
    @Ctx() { registry, clock }: HubContext,
    @Arg('edition', () => String, {
      nullable: true,
      ...bilingual('That edition; the one in force today when not given.', '目录版本'),
    })
    edition?: string | null,
  ): readonly Measure[] {
    const wanted = edition ?? editionOn(calendarDateOf(clock.now()));
    const measures = wanted === null ? [] : measuresOfEdition(wanted);
    return measures.map(({ responsible, ...measure }) => {
      const [only] = responsible.length === 1 ? responsible : [];
      return { ...measure, responsible: (only !== undefined && registry.find(only)?.department) || null };
    });
  }
}
