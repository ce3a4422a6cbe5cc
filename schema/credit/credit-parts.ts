import type { EventLog } from '../events/event-log.ts';
import type { ProjectionStates } from '../replica/projection-states.ts';
import type { CreditEvent } from './credit-case.ts';
import type { CreditProfiles } from './credit-profiles.ts';
import type { FalseReports } from './false-reports.ts';
import type { ListEnds } from './list-ends.ts';
import type { RepairService } from './repair-service.ts';
import type { ThresholdService } from './threshold-service.ts';

/** What resolvers and jobs need of the credit side. */
export interface CreditParts {
  readonly profiles: CreditProfiles;
  /** How far the profiles have come. */
  readonly states: ProjectionStates;
  readonly thresholds: ThresholdService;
  readonly falseReports: FalseReports;
  readonly repairs: RepairService;
  readonly listEnds: ListEnds;
  readonly log: EventLog<CreditEvent>;
}
