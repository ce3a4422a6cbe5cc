/** Where departments disagree about an institution, and which value survives (domain reference 6.5). Pure. */
import { comparableName } from '../identity/institution-name.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import type { InstitutionRecord, ProvenanceRecord } from '../records.ts';
import { currentRegionCode, parseRegionCode } from '../region/region.ts';
import type { Conflict } from './conflict.type.ts';

export interface Description {
  readonly department: DepartmentDescriptor;
  readonly record: InstitutionRecord;
}

interface ComparedFact {
  readonly field: string;
  /** The value as shown; null where the department does not say. */
  readonly read: (record: InstitutionRecord) => string | null;
  /** Values with equal keys agree. */
  readonly key: (value: string) => string;
}

const asItIs = (value: string): string => value;

/** A retired division code and its successor are one place. */
function regionKey(code: string): string {
  try {
    return currentRegionCode(parseRegionCode(code));
  } catch {
    return code;
  }
}

const COMPARED: readonly ComparedFact[] = [
  { field: 'name', read: (record) => record.name, key: comparableName },
  { field: 'address', read: (record) => record.address, key: comparableName },
  { field: 'region', read: (record) => record.regionCode, key: regionKey },
  { field: 'status', read: (record) => (record.status === 'UNKNOWN' ? null : record.status), key: asItIs },
  {
    field: 'cmaNumber',
    read: (record) => (record.cmaNumbers.length === 0 ? null : [...record.cmaNumbers].sort().join(' ')),
    key: asItIs,
  },
  { field: 'cmaValidTo', read: (record) => record.cmaValidTo, key: asItIs },
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
  return COMPARED.flatMap(({ field, read, key }) => {
    const voices = descriptions.flatMap(({ department, record }): Voice[] => {
      const value = read(record);
      return value === null ? [] : [{ department, value, provenance: record.provenance }];
    });
    if (new Set(voices.map((voice) => key(voice.value))).size < 2) return [];
    const decided = survivor(field, voices);
    return decided === null ? [] : [{ field, values: voices, ...decided }];
  });
}
