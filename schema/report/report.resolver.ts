import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { Report } from './report.type.ts';

@Resolver(() => Report)
export class ReportResolver {
  @FieldResolver()
  signatory(@Root() { signatory, institution }: Report, @Ctx() { access }: HubContext): string | null {
    return access.shown('SIGNATORY', signatory, institution);
  }
}
