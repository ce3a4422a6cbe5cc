import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import type { Facet } from '../records.ts';
import type { Feed } from '../replica/facts.ts';
import type { FeedState } from '../replica/feed-states.ts';
import type { SourceHealth } from './department.type.ts';
import { Department } from './department.type.ts';
import { timelinessShare } from './timeliness-share.ts';
import { watermarksOf } from './watermarks.ts';

@Resolver(() => Department)
export class DepartmentResolver {
  @Query(() => [Department], bilingual('Every department that the hub reads, by code.', '全部部门'))
  departments(@Ctx() { registry }: HubContext): readonly DepartmentDescriptor[] {
    return registry.all().map((source) => source.department);
  }

  @FieldResolver()
  facets(@Root() department: DepartmentDescriptor, @Ctx() { registry }: HubContext): readonly Facet[] {
    return registry.find(department.id)?.facets ?? [];
  }

  @FieldResolver()
  async health(
    @Root() department: DepartmentDescriptor,
    @Ctx() { registry, replica, clock }: HubContext,
  ): Promise<SourceHealth> {
    const states = replica === null ? new Map<Feed, FeedState>() : await replica.knownStates();
    const report = registry.find(department.id)?.health();
    return {
      state: report?.state ?? 'DOWN',
      circuit: report?.circuit ?? 'OPEN',
      lastSuccessAt: report?.lastSuccessAt ?? null,
      lastErrorCode: report?.lastErrorCode ?? null,
      watermarks: watermarksOf(department.id, states, clock.now()),
      timeliness: timelinessShare(department.id, states),
    };
  }
}
