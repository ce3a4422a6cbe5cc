/**
 * By what a field is guarded: every root field, every field that leads to facts of a closer class than its type's, and
 * personal data.
 */
import type { ReadName } from '../ports.ts';
import type { PersonalKind } from './class-rules.ts';
import type { Action } from './policy.ts';

export type FieldRule =
  /** Open to everybody. */
  | { readonly open: true }
  /** Somebody's act: demanded before anything is read; which rows it reaches is for its service. */
  | { readonly action: Action }
  /** Answers of departments, of which each is decided on before it is asked (read-rules.ts). */
  | { readonly read: ReadName }
  /** Masked by role. */
  | { readonly personal: PersonalKind };

const OPEN: FieldRule = { open: true };
const act = (action: Action): FieldRule => ({ action });
const read = (name: ReadName): FieldRule => ({ read: name });

export const FIELD_RULES: Readonly<Record<string, FieldRule>> = {
  'Query.me': OPEN,
  'Query.departments': OPEN,
  'Query.measures': OPEN,
  'Query.institution': OPEN,
  'Query.institutions': OPEN,
  'Query.certificate': OPEN,
  'Query.verifyReport': OPEN,
  'Query.notice': act('notice:read'),
  'Query.notices': act('notice:read'),
  'Query.noticeEvents': act('notice:read'),
  'Query.deadDeliveries': act('delivery:repeat'),
  'Query.endpoints': act('endpoint:manage'),
  'Query.recognition': act('recognition:read'),
  'Query.recognitions': act('recognition:read'),
  'Query.recognitionEvents': act('recognition:read'),
  'Query.recognitionFindings': act('finding:read'),
  'Query.alreadyInspected': act('recognition:ask'),
  'Query.creditEvents': act('credit:read'),
  'Query.repairs': act('credit:read'),
  'Query.thresholdCases': act('credit:read'),
  'Query.aliasDecision': act('alias:read'),
  'Query.uncertainAliases': act('alias:read'),
  'Query.auditEntries': act('audit:read'),

  'Mutation.issueNotice': act('notice:determine'),
  'Mutation.reviseNotice': act('notice:determine'),
  'Mutation.determineNotice': act('notice:determine'),
  'Mutation.recordPartyNotified': act('notice:determine'),
  'Mutation.publishNotice': act('notice:determine'),
  'Mutation.recordObjection': act('notice:determine'),
  'Mutation.answerObjection': act('notice:determine'),
  'Mutation.cancelNotice': act('notice:determine'),
  'Mutation.requestNoticeRepair': act('notice:determine'),
  'Mutation.refuseNoticeRepair': act('notice:determine'),
  'Mutation.liftNotice': act('notice:determine'),
  'Mutation.withdrawNotice': act('notice:determine'),
  'Mutation.signNotice': act('notice:receive'),
  'Mutation.returnNotice': act('notice:receive'),
  'Mutation.feedbackNotice': act('notice:receive'),
  'Mutation.confirmLift': act('notice:receive'),
  'Mutation.redeliver': act('delivery:repeat'),
  'Mutation.registerEndpoint': act('endpoint:manage'),
  'Mutation.rotateEndpointSecret': act('endpoint:manage'),
  'Mutation.enableEndpoint': act('endpoint:manage'),
  'Mutation.disableEndpoint': act('endpoint:manage'),
  'Mutation.submitRecognition': act('recognition:submit'),
  'Mutation.supplementRecognition': act('recognition:submit'),
  'Mutation.decideRecognition': act('recognition:decide'),
  'Mutation.revokeRecognition': act('recognition:revoke'),
  'Mutation.confirmRecognition': act('recognition:receive'),
  'Mutation.resendRecognition': act('delivery:repeat'),
  'Mutation.recordReportClue': act('finding:record'),
  'Mutation.recordProficiencyResult': act('finding:record'),
  'Mutation.applyRepair': act('repair:apply'),
  'Mutation.acceptRepair': act('repair:decide'),
  'Mutation.extendRepair': act('repair:decide'),
  'Mutation.decideRepair': act('repair:decide'),
  'Mutation.confirmRepair': act('repair:confirm'),
  'Mutation.resendRepair': act('delivery:repeat'),
  'Mutation.decideThreshold': act('threshold:decide'),
  'Mutation.confirmFalseReport': act('falseReport:confirm'),
  'Mutation.withdrawFalseReport': act('falseReport:confirm'),
  'Mutation.confirmAlias': act('alias:confirm'),
  'Mutation.rejectAlias': act('alias:confirm'),
  'Mutation.undoAlias': act('alias:confirm'),

  'Subscription.noticeEvents': act('notice:read'),
  'Subscription.recognitionEvents': act('recognition:read'),

  'Institution.notices': act('notice:read'),
  'Institution.credit': act('credit:read'),
  'Report.recognitions': act('recognition:read'),
  'Institution.aliases': read('institutions'),
  'Institution.conflicts': read('institutions'),
  'Institution.provenance': read('institutions'),
  'Institution.qualifications': read('qualifications'),
  'Institution.facilities': read('facilities'),
  'Institution.inspections': read('inspections'),
  'Institution.reports': read('reports'),
  'Institution.penalties': read('penalties'),
  'Institution.listEntries': read('listEntries'),
  'VehicleEmissionTest.processSeries': read('processSeries'),

  'Vehicle.plate': { personal: 'PLATE' },
  'Vehicle.vin': { personal: 'VIN' },
  'Report.signatory': { personal: 'SIGNATORY' },
};
