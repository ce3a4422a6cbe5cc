/** Everything that is computed from the replica per institution: what each consumer keeps, and who tells it of changes. */
import type { Connection } from 'mongoose';
import type { FollowedDecisions } from '../../schema/identity/station-decisions.ts';
import type { Clock, DepartmentDescriptor } from '../../schema/ports.ts';
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
  readonly states: ProjectionStates;
  readonly projector: Projector;
  /** Told by the projector of changes in the replica, and by whoever decides on local numbers of what follows from it. */
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
  await search.ensureIndexes();
  const states = new ProjectionStates(connection);
  const consumers = [
    institutionIndex({ replica, search, departments, decisions, clock }),
    recognitionReview({ store: new RecognitionStore(connection), findings: new FindingStore(connection), clock }),
  ];
  return {
    search,
    states,
    consumers,
    projector: new Projector({ replica, states, departments, decisions, consumers }),
  };
}
