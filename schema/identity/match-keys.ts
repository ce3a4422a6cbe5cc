/**
 * By what an institution and a department's entry for it may know each other: whoever is one institution has at least
 * one key in common. Having one in common proves nothing yet; `StationIndex.match` decides.
 */
import type { InstitutionRecord } from '../records.ts';
import { comparableName, looseName } from './institution-name.ts';
import { regionKey } from './place.ts';

/** The key of a department's own number. */
export const localNumberKey = (departmentId: string, localId: string): string => `at:${departmentId}|${localId}`;
export const cmaKey = (number: string): string => `cma:${number}`;

type Named = Pick<InstitutionRecord, 'name' | 'regionCode'>;

/** null where a name proves nothing: without the place, or nothing but a legal form. */
export function nameKeys({ name, regionCode }: Named): { readonly name: string; readonly looseName: string } | null {
  const [region, loose] = [regionKey(regionCode), looseName(name)];
  if (region === '' || loose === '') return null;
  return { name: `name:${region} ${comparableName(name)}`, looseName: `loose:${region} ${loose}` };
}

/** The keys of one department's description of an institution. */
export function matchKeysOf(record: InstitutionRecord): string[] {
  const { creditCode, localId, cmaNumbers, provenance } = record;
  const names = nameKeys(record);
  return [
    ...(creditCode === null ? [] : [`code:${creditCode}`, `org:${creditCode.slice(8, 17)}`]),
    ...(localId === null ? [] : [localNumberKey(provenance.departmentId, localId)]),
    ...new Set(cmaNumbers.map(cmaKey)),
    ...(names === null ? [] : [names.name, names.looseName]),
  ];
}
