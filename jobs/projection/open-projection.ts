/** Everything that is computed from the replica per institution: what each consumer keeps, and who tells it of changes. */
import type { Connection } from 'mongoose';
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import { creditConsumer } from '../../schema/credit/credit-consumer.ts';
import type { CreditParts } from '../../schema/credit/credit-parts.ts';
import { CreditHistory } from '../../schema/credit/credit-history.ts';
import { CreditProfiles } from '../../schema/credit/credit-profiles.ts';
import { LogFollower } from '../../schema/credit/follow-log.ts';
import type { FollowedDecisions } from '../../schema/identity/station-decisions.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import type { Clock, DepartmentDescriptor } from '../../schema/ports.ts';
import { ProjectionStates } from '../../schema/replica/projection-states.ts';
import { Projector, type ChangeConsumer } from '../../schema/replica/projector.ts';
import type { Replica } from '../../schema/replica/replica.ts';
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

/** Makes the indexes that are missing; safe to run in every process at its start. */
export async function openProjection(parts: ProjectionParts): Promise<Projection> {
  const { connection, replica, departments, decisions, clock } = parts;
  const search = new InstitutionSearch({ connection });
  const profiles = new CreditProfiles(connection);
  await Promise.all([search.ensureIndexes(), profiles.ensureIndexes()]);
  const states = new ProjectionStates(connection);
  const shared = { replica, departments, decisions, clock };
  const index = institutionIndex({ ...shared, search, risksOf: (codes) => profiles.risksOf(codes) });
  const notices = new LogFollower(connection, noticeLog(connection), 'credit-profiles:notices');
  const credit = creditConsumer({
    ...{ ...shared, profiles, history: new CreditHistory(connection) },
    follow: (changed) =>
      notices.run((events) => changed([...new Set(events.map(({ subjectCode }) => subjectCode as CreditCode))])),
    onRewritten: (codes) => index.refresh(codes),
  });
  // The index shows what the profiles say.
  const consumers = [credit, index];
  return {
    ...{ search, states, consumers },
    credit: { profiles, states },
    projector: new Projector({ replica, states, departments, decisions, consumers }),
  };
}
