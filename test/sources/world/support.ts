import type { SubjectKey } from '../../../sources/world/subjects.ts';
import type { World, WorldInstitution, WorldVisit } from '../../../sources/world/types.ts';

/** A subject of the domain reference. */
export function subjectOf(world: World, key: SubjectKey): WorldInstitution {
  const found = world.institutions.find((institution) => institution.key === key);
  if (found === undefined) throw new Error(`${key} is not in the world.`);
  return found;
}

/** The institution at an index. */
export function institutionAt(world: World, index: number): WorldInstitution {
  const found = world.institutions[index];
  if (found === undefined) throw new Error(`There is no institution ${index}.`);
  return found;
}

/** Visits of one vehicle at one subject, oldest first. */
export function visitsOfVehicle(world: World, key: SubjectKey, vin: string): WorldVisit[] {
  return world
    .visitsOf(subjectOf(world, key))
    .filter(({ vehicle }) => vehicle.vin === vin)
    .reverse();
}

/** What must exist. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('Expected a value.');
  return value;
}

/** Wall time in China, yyyy-MM-dd HH:mm:ss. */
export function wallTime(instant: Date): string {
  return new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}
