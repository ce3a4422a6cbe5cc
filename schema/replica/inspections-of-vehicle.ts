/** The inspections of a vehicle wherever it was, which no department can be asked for. */
import { answered, unavailable, type DepartmentAnswer } from '../department-answer.ts';
import type { DepartmentSource } from '../ports.ts';
import type { InspectionRecord } from '../records.ts';
import { feedOf } from './facts.ts';
import { isFreshEnough } from './max-age.ts';
import type { Replica } from './replica.ts';

interface Held {
  readonly record: InspectionRecord | null;
}

/**
 * What the replica holds of one department.
 * @param from bound on the start of the inspection, inclusive
 */
export async function inspectionsOfVehicle(
  replica: Pick<Replica, 'models' | 'knownStates'>,
  { department, maxAgeSeconds }: Pick<DepartmentSource, 'department' | 'maxAgeSeconds'>,
  vin: string,
  from: Date,
  now: Date,
): Promise<DepartmentAnswer<InspectionRecord>> {
  const question = { department, facet: 'INSPECTIONS' } as const;
  const feed = feedOf(department.id, 'inspections');
  const state = (await replica.knownStates()).get(feed);
  const syncedAt = state?.loadedAt ? state.syncedAt : null;
  if (syncedAt === null) {
    const reason = `The hub has never read the inspections of ${department.name} in full.`;
    return unavailable(question, 'SOURCE_UNAVAILABLE', reason);
  }
  const held = await replica.models.records
    .find({ feed, vin, deleted: false, sortKey: { $gte: from.toISOString() } }, { record: 1 })
    .sort({ sortKey: -1 })
    .lean<Held[]>();
  const set = { records: held.flatMap(({ record }) => record ?? []), malformed: [] };
  if (isFreshEnough(syncedAt, maxAgeSeconds?.INSPECTIONS ?? 0, now))
    return answered(question, set, syncedAt, 'REPLICA');
  return answered(question, set, syncedAt, 'STALE', 'the last full reading is older than such answers may be');
}
