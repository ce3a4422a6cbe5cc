/**
 * What each field of the graph may ask departments for, so that the cost of an operation is known before it runs. Fields
 * that are not named here ask nobody. A test runs every field and compares.
 */
import { FACET_OF_READ, type ReadName } from '../ports.ts';

/** `list`: the register's list of institutions. */
export type Call = ReadName | 'list';

export interface FieldCalls {
  /** Each may be put once to every department that offers it. */
  readonly calls: readonly Call[];
  /** Asked anew under each alias; all others are asked together, whatever their aliases. */
  readonly isPerAlias?: boolean;
  /**
   * Finds institutions by their codes: what the register does not know is looked for elsewhere, and what is asked of such
   * an institution comes later than what is asked of the others.
   */
  readonly findsInstitutions?: boolean;
}

const FIND: FieldCalls = { calls: ['institutions'], findsInstitutions: true };

/** What is gathered to decide on a recognition, on the hub's own account: on top of what the caller is shown. */
const EVIDENCE: readonly Call[] = [
  ...(['institutions', 'institutions', 'reportsByNumber', 'certificates'] as const),
  ...(['qualifications', 'listEntries', 'list'] as const),
];
const GATHER: FieldCalls = { calls: EVIDENCE, isPerAlias: true };

const CALLS_OF_FIELD: Readonly<Record<string, FieldCalls>> = {
  'Query.institution': FIND,
  'Query.institutions': { calls: ['list'] },
  'Query.certificate': { calls: ['certificates'] },
  // Rows under local numbers are looked up in the register's list, by number or name, then by the departments' own word.
  'Query.verifyReport': {
    calls: ['reportsByNumber', 'list', 'list', 'institutions', 'institutions', 'qualifications'],
    isPerAlias: true,
    findsInstitutions: true,
  },
  // Each inspection that was found is judged; those whose issuer is found later, later.
  'Query.alreadyInspected': {
    calls: ['inspections', 'reportsByNumber', 'list', ...EVIDENCE, ...EVIDENCE],
    isPerAlias: true,
  },
  'InspectedResult.institution': FIND,
  'Recognition.institution': FIND,
  'Mutation.submitRecognition': GATHER,
  'Mutation.supplementRecognition': GATHER,
  'Mutation.confirmFalseReport': { ...FIND, isPerAlias: true },
  'Mutation.issueNotice': { ...FIND, isPerAlias: true },
  'Mutation.confirmAlias': { calls: ['institutions'], isPerAlias: true },
  'Mutation.rejectAlias': { calls: ['institutions'], isPerAlias: true },
  'Mutation.undoAlias': { calls: ['institutions'], isPerAlias: true },
  'Certificate.issuer': FIND,
  'Notice.subject': FIND,
  'Institution.aliases': { calls: ['institutions'] },
  'Institution.conflicts': { calls: ['institutions'] },
  'Institution.provenance': { calls: ['institutions'] },
  'Institution.qualifications': { calls: ['qualifications'] },
  'Institution.facilities': { calls: ['facilities'] },
  'Institution.inspections': { calls: ['inspections'] },
  'Institution.reports': { calls: ['reports'] },
  'Institution.penalties': { calls: ['penalties'] },
  'Institution.listEntries': { calls: ['listEntries'] },
  'VehicleEmissionTest.processSeries': { calls: ['processSeries'] },
};

const READS_OF_INSTITUTIONS: readonly ReadName[] = [
  'institutions',
  'qualifications',
  'facilities',
  'inspections',
  'reports',
  'penalties',
  'listEntries',
];

const NO_CALLS: FieldCalls = { calls: [] };

/**
 * @param coordinate `Type.field`
 * @param valueOf the value of an argument as the caller gave it
 */
export function callsOfField(coordinate: string, valueOf: (argument: string) => unknown): FieldCalls {
  if (coordinate !== 'Institution.decisionSafety') return CALLS_OF_FIELD[coordinate] ?? NO_CALLS;
  const facets = valueOf('facets');
  const needed = Array.isArray(facets) ? facets : [facets];
  return { calls: READS_OF_INSTITUTIONS.filter((read) => needed.includes(FACET_OF_READ[read])) };
}

/** What was known at a time is answered from the hub's own copy. */
export const isAnsweredFromCopy = (coordinate: string, valueOf: (argument: string) => unknown): boolean =>
  coordinate === 'Query.institution' && (valueOf('asOf') ?? null) !== null;
