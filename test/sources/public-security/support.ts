/** Words for the tests of public security. */
import type { InspectionRequest, RecordSet, SourceAnswer } from '../../../schema/ports.ts';
import type { World, WorldInstitution } from '../../../sources/world/types.ts';

/** Institutions that public security knows, in the order of the world. */
export function stationsOf(world: World): WorldInstitution[] {
  return world.institutions.filter(({ localNumbers }) => localNumbers.publicSecurity !== null);
}

/** @throws Error when the world has fewer stations */
export function stationAt(stations: readonly WorldInstitution[], index: number): WorldInstitution {
  const found = stations[index];
  if (found === undefined) throw new Error(`the world has no station ${index}`);
  return found;
}

export function numberOf({ localNumbers }: WorldInstitution): string {
  return localNumbers.publicSecurity ?? '';
}

export function subject(institution: WorldInstitution) {
  return { creditCode: institution.creditCode, localIds: [numberOf(institution)] };
}

/** All inspections of a station, unless something narrower is wanted. */
export function inspectionsOf(
  institution: WorldInstitution,
  wanted: Partial<InspectionRequest> = {},
): InspectionRequest {
  return { ...subject(institution), from: null, to: null, vin: null, limit: 1_000, ...wanted };
}

/** @throws Error with the whole answer when the department did not answer */
export function live<T>(answer: SourceAnswer<T>): readonly RecordSet<T>[] {
  if (answer.status !== 'LIVE') throw new Error(JSON.stringify(answer));
  return answer.sets;
}
