/** Where departments disagree about an institution, and which value survives (domain reference 6.5). Pure. */
import { comparableName } from '../identity/institution-name.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import type { InstitutionRecord, ProvenanceRecord } from '../records.ts';
import { parseRegionCode, parseRegionPrefix } from '../region/region.ts';
import type { Conflict } from './conflict.type.ts';

export interface Description {
  readonly department: DepartmentDescriptor;
  readonly record: InstitutionRecord;
}

interface ComparedFact {
  readonly field: string;
  /** The value as shown; null where the department does not say. */
  readonly read: (record: InstitutionRecord) => string | null;
  readonly agree: (a: string, b: string) => boolean;
}

const literally = (a: string, b: string): boolean => a === b;
const whateverTheSpelling = (a: string, b: string): boolean => comparableName(a) === comparableName(b);

function placeOf(code: string): string | null {
  try {
    return parseRegionPrefix(parseRegionCode(code));
  } catch {
    return null;
  }
}

/** A retired division code and its successor are one place, and who names the prefecture does not deny the county. */
function aboutOnePlace(a: string, b: string): boolean {
  const [one, other] = [placeOf(a), placeOf(b)];
  return one === null || other === null ? a === b : one.startsWith(other) || other.startsWith(one);
}

/** Files keep old certificates beside the one in force; numbers begin with the year of issue. */
function newestNumber({ cmaNumbers }: InstitutionRecord): string | null {
  return [...cmaNumbers].sort().at(-1) ?? null;
}

const COMPARED: readonly ComparedFact[] = [
  { field: 'name', read: (record) => record.name, agree: whateverTheSpelling },
  { field: 'address', read: (record) => record.address, agree: whateverTheSpelling },
  { field: 'region', read: (record) => record.regionCode, agree: aboutOnePlace },
  { field: 'status', read: (record) => (record.status === 'UNKNOWN' ? null : record.status), agree: literally },
  { field: 'cmaNumber', read: newestNumber, agree: literally },
  { field: 'cmaValidTo', read: (record) => record.cmaValidTo, agree: literally },
];

interface Voice {
  readonly department: DepartmentDescriptor;
  readonly value: string;
  readonly provenance: ProvenanceRecord;
}

/** The department whose word is law for the fact; where it is silent, the newest word. */
function survivor(field: string, voices: readonly Voice[]): { readonly chosen: string; readonly rule: string } | null {
  const authority = voices.find((voice) => voice.department.authoritativeFor.includes(field));
  if (authority !== undefined) {
    return { chosen: authority.value, rule: `AUTHORITY: ${authority.department.id} is authoritative for ${field}` };
  }
  const [newest] = [...voices].sort((a, b) => b.provenance.asOf.getTime() - a.provenance.asOf.getTime());
  return newest === undefined ? null : { chosen: newest.value, rule: 'NEWEST: the authoritative department is silent' };
}

/**
 * @param descriptions what each department says, by department code
 * @returns one conflict per fact with more than one value, in the order name, address, region, status, CMA
 */
export function findConflicts(descriptions: readonly Description[]): readonly Conflict[] {
  return COMPARED.flatMap(({ field, read, agree }) => {
    const voices = descriptions.flatMap(({ department, record }): Voice[] => {
      const value = read(record);
      return value === null ? [] : [{ department, value, provenance: record.provenance }];
    });
    if (voices.every(({ value }) => voices.every((other) => agree(value, other.value)))) return [];
    const decided = survivor(field, voices);
    return decided === null ? [] : [{ field, values: voices, ...decided }];
  });
}
