import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { contextOf, type HubContext } from '../context.ts';
import { HubError } from '../errors.ts';
import { maskPlate, maskVin } from '../masking.ts';
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
  vin(@Root() { vin }: VehicleRecord, @Ctx() { seesPersonalData }: HubContext): string | null {
    return vin === null || seesPersonalData ? vin : maskVin(vin);
  }

  @FieldResolver()
  plate(@Root() { plate }: VehicleRecord, @Ctx() { seesPersonalData }: HubContext): string | null {
    return plate === null || seesPersonalData ? plate : maskPlate(plate);
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
    const { loaders } = contextOf(institution, context);
    const [answer] = (await loaders.processSeries.get(provenance.departmentId)?.load(provenance.sourceRecordId)) ?? [];
    const [series] = answer?.records ?? [];
    if (series !== undefined) return series.samples;
    if (answer?.coverage.status === 'LIVE') return [];
    throw new HubError('SOURCE_UNAVAILABLE', answer?.coverage.reason ?? 'The department offers no process data.');
  }
}
