import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { maskPersonName } from '../masking.ts';
import { Report } from './report.type.ts';

@Resolver(() => Report)
export class ReportResolver {
  @FieldResolver()
  signatory(@Root() report: Report, @Ctx() { seesPersonalData }: HubContext): string | null {
    return report.signatory === null || seesPersonalData ? report.signatory : maskPersonName(report.signatory);
  }
}
