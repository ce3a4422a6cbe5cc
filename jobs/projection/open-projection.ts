/** Everything that is computed from the replica per institution: what each consumer keeps, and who tells it of changes. */
import type { Connection } from 'mongoose';
import type { Clock, DepartmentDescriptor } from '../../schema/ports.ts';
import { ProjectionStates } from '../../schema/replica/projection-states.ts';
import { Projector } from '../../schema/replica/projector.ts';
import type { Replica } from '../../schema/replica/replica.ts';
import { institutionIndex } from '../../schema/search/institution-index.ts';
import { InstitutionSearch } from '../../schema/search/institution-search.ts';

export interface Projection {
  readonly search: InstitutionSearch;
  readonly states: ProjectionStates;
  readonly projector: Projector;
}

export interface ProjectionParts {
  readonly connection: Connection;
  readonly replica: Replica;
  /** Every department that the hub knows, also when only one of them is being read: entries are made of all. */
  readonly departments: readonly DepartmentDescriptor[];
  readonly clock: Clock;
}

/** Makes the indexes that are missing; safe to run in every process at its start. */
export async function openProjection(parts: ProjectionParts): Promise<Projection> {
  const { connection, replica, departments, clock } = parts;
  const search = new InstitutionSearch({ connection });
  await search.ensureIndexes();
  const states = new ProjectionStates(connection);
  const consumers = [institutionIndex({ replica, search, departments, clock })];
  return { search, states, projector: new Projector({ replica, states, departments, consumers }) };
}
