/** The search index of institutions, for a command that changes the replica and ends. */
import type { Connection } from 'mongoose';
import { openProjection, type Projection } from '../../jobs/projection/open-projection.ts';
import type { FollowedDecisions } from '../../schema/identity/station-decisions.ts';
import type { Replica } from '../../schema/replica/replica.ts';
import type { HubConfig } from '../config.ts';

export function openIndex(
  { departments }: HubConfig,
  connection: Connection,
  replica: Replica,
  decisions: FollowedDecisions,
): Promise<Projection> {
  return openProjection({
    ...{ connection, replica, decisions, clock: { now: () => new Date() } },
    departments: departments.map(({ definition }) => definition.department),
  });
}
