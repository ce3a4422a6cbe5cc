import { Ctx, Query, Resolver } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { CallerType } from './caller.type.ts';

@Resolver()
export class CallerResolver {
  @Query(() => CallerType, bilingual('Who the hub takes you for.', '当前调用方'))
  me(@Ctx() { caller }: HubContext): CallerType {
    const { subject, departmentId, roles, regions } = caller;
    return { subject, department: departmentId, roles, regions };
  }
}
