import 'reflect-metadata';
import { assertInterfaceType, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { AuditResolver } from './audit/audit.resolver.ts';
import { CallerResolver } from './access/caller.resolver.ts';
import { guardSchema } from './access/guard-schema.ts';
import { CertificateResolver } from './certificate/certificate.resolver.ts';
import { CreditResolver } from './credit/credit.resolver.ts';
import { RepairResolver } from './credit/repair.resolver.ts';
import { ThresholdResolver } from './credit/threshold.resolver.ts';
import { EndpointResolver } from './delivery/endpoint.resolver.ts';
import { DepartmentResolver } from './department/department.resolver.ts';
import { AliasResolver } from './identity/alias.resolver.ts';
import { InspectionResolver, VehicleEmissionTestResolver, VehicleResolver } from './inspection/inspection.resolver.ts';
import {
  LaboratoryTest,
  RoadVehicleTest,
  VehicleEmissionTest,
  VehicleSafetyInspection,
  type InspectionNode,
} from './inspection/inspection.type.ts';
import { DecisionSafetyResolver } from './institution/decision-safety.resolver.ts';
import { InstitutionListResolver } from './institution/institution-list.resolver.ts';
import { InstitutionPagesResolver } from './institution/institution-pages.resolver.ts';
import { InstitutionResolver } from './institution/institution.resolver.ts';
import { MeasureResolver } from './measure/measure.resolver.ts';
import { NoticeActsResolver } from './notice/notice-acts.resolver.ts';
import { DeliveryResolver, NoticeEventResolver, NoticeResolver } from './notice/notice.resolver.ts';
import { NoticeSubscription } from './notice/notice.subscription.ts';
import { RecipientActsResolver } from './notice/recipient-acts.resolver.ts';
import { ProvenanceResolver } from './provenance/provenance.resolver.ts';
import { AlreadyInspectedResolver } from './recognition/already-inspected.resolver.ts';
import { FindingResolver } from './recognition/finding.resolver.ts';
import { RecognitionActsResolver } from './recognition/recognition-acts.resolver.ts';
import {
  RecognitionEventResolver,
  RecognitionResolver,
  SyncTargetResolver,
} from './recognition/recognition.resolver.ts';
import { RecognitionSubscription } from './recognition/recognition.subscription.ts';
import { ReportResolver } from './report/report.resolver.ts';
import { VerificationResolver } from './verification/verification.resolver.ts';

/** type-graphql asks for one wherever there are subscriptions; ours read their logs. */
const NO_PUBSUB = {
  publish(): never {
    throw new Error('events are published by their log');
  },
  subscribe(): never {
    throw new Error('subscriptions read a log');
  },
};

/** The public graph. */
export async function buildHubSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
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
      CallerResolver,
      EndpointResolver,
      AliasResolver,
      CreditResolver,
      RepairResolver,
      ThresholdResolver,
      MeasureResolver,
      NoticeResolver,
      DeliveryResolver,
      NoticeEventResolver,
      NoticeSubscription,
      NoticeActsResolver,
      RecipientActsResolver,
      RecognitionResolver,
      SyncTargetResolver,
      RecognitionEventResolver,
      RecognitionSubscription,
      RecognitionActsResolver,
      AlreadyInspectedResolver,
      FindingResolver,
      ProvenanceResolver,
      AuditResolver,
    ],
    orphanedTypes: [VehicleSafetyInspection, VehicleEmissionTest, RoadVehicleTest, LaboratoryTest],
    validate: false,
    pubSub: NO_PUBSUB,
  });
  // type-graphql wraps type resolvers in promises, for which a compiled plan cannot wait; a record knows its kind at once.
  assertInterfaceType(schema.getType('Inspection')).resolveType = (node: InspectionNode) => node.kind;
  guardSchema(schema);
  return schema;
}
