import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { CertificateResolver } from './certificate/certificate.resolver.ts';
import { DepartmentResolver } from './department/department.resolver.ts';
import { InspectionResolver, VehicleEmissionTestResolver, VehicleResolver } from './inspection/inspection.resolver.ts';
import {
  LaboratoryTest,
  RoadVehicleTest,
  VehicleEmissionTest,
  VehicleSafetyInspection,
} from './inspection/inspection.type.ts';
import { DecisionSafetyResolver } from './institution/decision-safety.resolver.ts';
import { InstitutionListResolver } from './institution/institution-list.resolver.ts';
import { InstitutionPagesResolver } from './institution/institution-pages.resolver.ts';
import { InstitutionResolver } from './institution/institution.resolver.ts';
import { ProvenanceResolver } from './provenance/provenance.resolver.ts';
import { ReportResolver } from './report/report.resolver.ts';
import { VerificationResolver } from './verification/verification.resolver.ts';

/** The public graph. */
export function buildHubSchema(): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [
      InstitutionResolver,
      InstitutionPagesResolver,
      InstitutionListResolver,
      DecisionSafetyResolver,
      InspectionResolver,
      VehicleEmissionTestResolver,
      VehicleResolver,
      ReportResolver,
      CertificateResolver,
      VerificationResolver,
      DepartmentResolver,
      ProvenanceResolver,
    ],
    orphanedTypes: [VehicleSafetyInspection, VehicleEmissionTest, RoadVehicleTest, LaboratoryTest],
    validate: false,
  });
}
