import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { refusalError } from '../access/access.ts';
import { READ_RULES } from '../access/read-rules.ts';
import { contextOf, type HubContext } from '../context.ts';
import { HubError } from '../errors.ts';
import type { ProcessSample, VehicleRecord } from '../records.ts';
import { reportOf, type Report } from '../report/report.type.ts';
import { Inspection, Vehicle, VehicleEmissionTest, type InspectionNode } from './inspection.type.ts';

@Resolver(() => Inspection)
export class InspectionResolver {
  @FieldResolver()
  report(@Root() node: InspectionNode): Report | null {
    return node.report === null ? null : reportOf(node.report, node.institution, node.provenance);
  }
}

@Resolver(() => Vehicle)
export class VehicleResolver {
  @FieldResolver()
  vin(@Root() { vin }: VehicleRecord, @Ctx() { access }: HubContext): string | null {
    return access.shown('VIN', vin);
  }

  @FieldResolver()
  plate(@Root() { plate }: VehicleRecord, @Ctx() { access }: HubContext): string | null {
    return access.shown('PLATE', plate);
  }
}

@Resolver(() => VehicleEmissionTest)
export class VehicleEmissionTestResolver {
  /** An error, not an empty list, when the department does not give the series: no data is not "no emissions". */
  @FieldResolver()
  async processSeries(
    @Root() { provenance, institution }: InspectionNode,
    @Ctx() context: HubContext,
  ): Promise<readonly ProcessSample[]> {
    const sight = context.access.sight(READ_RULES.processSeries.fieldClass, provenance);
    if (!sight.seen) throw refusalError(sight);
    const { loaders } = contextOf(institution, context);
    const [answer] = (await loaders.processSeries.get(provenance.departmentId)?.load(provenance.sourceRecordId)) ?? [];
    const [series] = answer?.records ?? [];
    if (series !== undefined) return series.samples;
    if (answer?.coverage.status === 'LIVE') return [];
    throw new HubError('SOURCE_UNAVAILABLE', answer?.coverage.reason ?? 'The department offers no process data.');
  }
}
