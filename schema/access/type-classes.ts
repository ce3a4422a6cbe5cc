/**
 * The class of every type of the graph: a field has the class of its type, or of the type that it leads to where that is
 * closer (docs/access-matrix.md lists every field). A page and its edges have the class of what is on them. A type that is
 * not here keeps the hub from starting.
 */
import type { FieldClass } from './field-class.ts';

export const TYPE_CLASSES: Readonly<Record<string, FieldClass>> = {
  Query: 'PUBLIC',
  Mutation: 'PUBLIC',
  Subscription: 'PUBLIC',
  PageInfo: 'PUBLIC',
  Caller: 'PUBLIC',

  // Registers that are open to everybody.
  Institution: 'PUBLIC',
  Region: 'PUBLIC',
  Qualification: 'PUBLIC',
  CapabilityItem: 'PUBLIC',
  Certificate: 'PUBLIC',
  Penalty: 'PUBLIC',
  ListEntry: 'PUBLIC',
  Publicity: 'PUBLIC',
  Measure: 'PUBLIC',
  Report: 'PUBLIC',
  ReportVerification: 'PUBLIC',
  RecognitionCheck: 'PUBLIC',

  // What stands behind an answer, and how the departments' systems are doing.
  Provenance: 'PUBLIC',
  Coverage: 'PUBLIC',
  DecisionSafety: 'PUBLIC',
  Department: 'PUBLIC',
  SourceHealth: 'PUBLIC',
  Watermark: 'PUBLIC',

  // What departments tell each other without conditions.
  ReportConnection: 'DEPT_SHARED',
  ReportEdge: 'DEPT_SHARED',
  Facility: 'DEPT_SHARED',
  FieldConflict: 'DEPT_SHARED',
  ConflictValue: 'DEPT_SHARED',
  Inspection: 'DEPT_SHARED',
  VehicleSafetyInspection: 'DEPT_SHARED',
  VehicleEmissionTest: 'DEPT_SHARED',
  RoadVehicleTest: 'DEPT_SHARED',
  LaboratoryTest: 'DEPT_SHARED',
  LaboratoryTestItem: 'DEPT_SHARED',
  Measurement: 'DEPT_SHARED',
  Vehicle: 'DEPT_SHARED',
  InstitutionAlias: 'DEPT_SHARED',
  AliasEvidence: 'DEPT_SHARED',
  AliasCandidate: 'DEPT_SHARED',
  CandidateInstitution: 'DEPT_SHARED',
  AliasDecision: 'DEPT_SHARED',
  AliasStatement: 'DEPT_SHARED',
  AliasEvent: 'DEPT_SHARED',
  Notice: 'DEPT_SHARED',
  NoticeMeasure: 'DEPT_SHARED',
  NoticeEvent: 'DEPT_SHARED',
  AuditEntry: 'RESTRICTED',
  AuditCalls: 'RESTRICTED',
  Signature: 'DEPT_SHARED',
  Delivery: 'DEPT_SHARED',
  DeliveryAttempt: 'DEPT_SHARED',
  MeasureFeedback: 'DEPT_SHARED',
  Recognition: 'DEPT_SHARED',
  RecognitionEvent: 'DEPT_SHARED',
  RecognitionFinding: 'DEPT_SHARED',
  RecognitionHold: 'DEPT_SHARED',
  ReviewFlagType: 'DEPT_SHARED',
  SyncTarget: 'DEPT_SHARED',
  AlreadyInspected: 'DEPT_SHARED',
  InspectedResult: 'DEPT_SHARED',
  // Classes and scores are an internal tool, never published (国市监信发〔2022〕6号).
  CreditProfile: 'DEPT_SHARED',
  CreditEvent: 'DEPT_SHARED',
  RiskFactor: 'DEPT_SHARED',
  SeriousThreshold: 'DEPT_SHARED',
  ThresholdCase: 'DEPT_SHARED',
  NoticeDraft: 'DEPT_SHARED',
  RepairApplication: 'DEPT_SHARED',
  RepairHolder: 'DEPT_SHARED',

  // For a purpose, in a case.
  ProcessSample: 'CONDITIONAL',

  // Nobody's but the department's own, and the operator's.
  Endpoint: 'RESTRICTED',
  EndpointSecret: 'RESTRICTED',
};
