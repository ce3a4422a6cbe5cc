/** What the platform keeps, register by register. */
import type { ReplicatedRead } from '../../../schema/ports.ts';
import type { World, WorldInstitution } from '../../world/types.ts';
import { reportsOf, type ReportOnRecord } from './report-rows.ts';
import type { OnRecord } from './rows.ts';
import { facilitiesOf, penaltiesOf, stationsOf } from './station-rows.ts';
import { testsOf, type TestOnRecord } from './test-rows.ts';

interface Registered {
  stations: OnRecord;
  devices: OnRecord;
  tests: TestOnRecord;
  reports: ReportOnRecord;
  penalties: OnRecord;
}
export type RegisterName = keyof Registered;

export interface Register<N extends RegisterName = RegisterName> {
  /** Institutions of which there may be records. */
  readonly owners: readonly WorldInstitution[];
  of(institution: WorldInstitution): readonly Registered[N][];
}

export type Registers = { readonly [N in RegisterName]: Register<N> };

/** Where the platform keeps what the hub reads; an institution and its filing are one record. */
export const REGISTER_OF: Readonly<Partial<Record<ReplicatedRead, RegisterName>>> = {
  institutions: 'stations',
  qualifications: 'stations',
  facilities: 'devices',
  inspections: 'tests',
  reports: 'reports',
  penalties: 'penalties',
};

export function registersOf(world: World): Registers {
  const stations = world.institutions.filter(({ localNumbers }) => localNumbers.ecology !== null);
  return {
    stations: { owners: stations, of: (institution) => stationsOf(world, institution) },
    devices: { owners: stations, of: (institution) => facilitiesOf(world, institution) },
    tests: { owners: stations, of: (institution) => testsOf(world, institution) },
    reports: { owners: stations, of: (institution) => reportsOf(world, institution) },
    // Decisions are also taken against bodies that have no station number.
    penalties: { owners: world.institutions, of: (institution) => penaltiesOf(world, institution) },
  };
}
