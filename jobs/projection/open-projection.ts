/** Everything that is computed from the replica per institution: what each consumer keeps, and who tells it of changes. */
import type { Connection } from 'mongoose';
import { CaseStore } from '../../schema/credit/case-store.ts';
import { creditConsumer } from '../../schema/credit/credit-consumer.ts';
import { CreditHistory } from '../../schema/credit/credit-history.ts';
import { creditLog } from '../../schema/credit/credit-log.ts';
import { followOthers } from './follow-others.ts';
import type { CreditParts } from '../../schema/credit/credit-parts.ts';
import { CreditProfiles } from '../../schema/credit/credit-profiles.ts';
import { FalseReports } from '../../schema/credit/false-reports.ts';
import { ListEnds } from '../../schema/credit/list-ends.ts';
import { RepairService } from '../../schema/credit/repair-service.ts';
import { ThresholdService } from '../../schema/credit/threshold-service.ts';
import type { FollowedDecisions } from '../../schema/identity/station-decisions.ts';
import type { Clock, DepartmentDescriptor } from '../../schema/ports.ts';
import { institutionFacts } from '../../schema/replica/institution-facts.ts';
import { ProjectionStates } from '../../schema/replica/projection-states.ts';
import { Projector, type ChangeConsumer } from '../../schema/replica/projector.ts';
import type { Replica } from '../../schema/replica/replica.ts';
import { FindingStore } from '../../schema/recognition/finding-store.ts';
import { recognitionReview } from '../../schema/recognition/recognition-review.ts';
import { RecognitionStore } from '../../schema/recognition/recognition-store.ts';
import { institutionIndex } from '../../schema/search/institution-index.ts';
import { InstitutionSearch } from '../../schema/search/institution-search.ts';

export interface Projection {
  readonly search: InstitutionSearch;
  readonly credit: CreditParts;
  readonly states: ProjectionStates;
  readonly projector: Projector;
  /**
   * Told by the projector of changes in the replica, and by whoever decides on local numbers of what follows from it; one
   * after the other, in this order.
   */
  readonly consumers: readonly ChangeConsumer[];
}

export interface ProjectionParts {
  readonly connection: Connection;
  readonly replica: Replica;
  /** Every department that the hub knows, also when only one of them is being read: entries are made of all. */
  readonly departments: readonly DepartmentDescriptor[];
  readonly decisions: FollowedDecisions;
  readonly clock: Clock;
}

/** What people decide on the credit side, over what departments hold. */
function openCases({ connection, replica, departments, decisions, clock }: ProjectionParts) {
  return {
    thresholds: new ThresholdService({ store: new CaseStore(connection, 'THRESHOLD'), clock }),
    falseReports: new FalseReports(new CaseStore(connection, 'FALSE_REPORT'), clock),
    listEnds: new ListEnds(connection, new CaseStore(connection, 'LIST_END'), clock),
    repairs: new RepairService({
      ...{ store: new CaseStore(connection, 'REPAIR'), clock },
      async factsOf(creditCode) {
        await decisions.refresh();
        const facts = await institutionFacts(replica.models, departments, decisions, [creditCode]);
        return facts.get(creditCode) ?? null;
      },
    }),
  };
}

/** Makes the indexes that are missing; safe to run in every process at its start. */
export async function openProjection(parts: ProjectionParts): Promise<Projection> {
  const { connection, replica, departments, decisions, clock } = parts;
  const search = new InstitutionSearch({ connection });
  const profiles = new CreditProfiles(connection);
  const cases = openCases(parts);
  const log = creditLog(connection);
  await Promise.all([search.ensureIndexes(), profiles.ensureIndexes(), cases.repairs.store.open(), log.open()]);
  const states = new ProjectionStates(connection);
  const shared = { replica, departments, decisions, clock };
  const review = { store: new RecognitionStore(connection), findings: new FindingStore(connection), clock };
  const recognitions = recognitionReview(review);
  const credit = creditConsumer({
    ...{ ...shared, profiles, history: new CreditHistory(connection) },
    follow: (changed) => followOthers({ ...review, connection, log }, changed),
    async onComputed(computed) {
      await cases.thresholds.note(computed);
      await cases.listEnds.note(computed);
    },
    async refresh(codes) {
      await index.refresh(codes);
      await recognitions.refresh(codes);
    },
    async markTurned(codes) {
      await search.markDue(codes, clock.now());
      await recognitions.refresh(codes);
    },
  });
  const index = institutionIndex({ search, clock, knownOf: (codes) => credit.compute(codes) });
  // What the passing of time makes of profiles the index is told in the same run.
  const consumers = [credit, index, recognitions];
  return {
    ...{ search, states, consumers },
    credit: { profiles, states, log, ...cases },
    projector: new Projector({ replica, states, departments, decisions, consumers }),
  };
}
