/** Everything that the replica holds of institutions, as far as anything is computed of it per institution. */
import { chunksOf } from '../chunks.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import type { StationDecisions } from '../identity/station-decisions.ts';
import type { DepartmentDescriptor, SubjectKey } from '../ports.ts';
import type { InstitutionRecord, ListEntryRecord, PenaltyRecord, QualificationRecord } from '../records.ts';
import { feedOf, PROJECTED_READS, readOf, type ProjectedRead } from './facts.ts';
import { localNumbersOf, type LocalNumbers } from './local-numbers.ts';
import { subjectKeysOf } from './read-records.ts';
import { registeredInstitutions, type RegisteredInstitution } from './registered-institutions.ts';
import type { ReplicaDocument, ReplicaModels } from './replica-models.ts';

export interface InstitutionFacts {
  readonly creditCode: CreditCode;
  /** The description that is shown. */
  readonly description: InstitutionRecord;
  /** Of all departments, as are penalties and list entries. Without capability schedules and signatories. */
  readonly qualifications: readonly Omit<QualificationRecord, 'scope' | 'signatories'>[];
  readonly penalties: readonly PenaltyRecord[];
  readonly listEntries: readonly ListEntryRecord[];
  /** Of the latest change of any record, those that are gone included. */
  readonly changedAt: Date;
}

type Models = Pick<ReplicaModels, 'records'>;

interface Held extends Pick<
  ReplicaDocument,
  'feed' | 'recordId' | 'sortKey' | 'subjects' | 'deleted' | 'changedAt' | 'updatedAt' | 'recordedAt'
> {
  readonly record: unknown;
}

const KEYS_PER_STATEMENT = 300;
/** Without what is long and not looked at: capability schedules, and what was believed before. */
const NOT_READ = { versions: 0, 'record.scope': 0, 'record.signatories': 0 } as const;

async function heldUnder(
  { records }: Models,
  departmentId: string,
  subjects: readonly SubjectKey[],
): Promise<readonly Held[]> {
  const feeds = PROJECTED_READS.map((read) => feedOf(departmentId, read));
  const found: Held[] = [];
  for (const keys of chunksOf([...new Set(subjects)], KEYS_PER_STATEMENT)) {
    found.push(...(await records.find({ feed: { $in: feeds }, subjects: { $in: keys } }, NOT_READ).lean<Held[]>()));
  }
  return found;
}

/** A feed's records are of its own kind. */
const recordsOf = <R>(held: readonly Held[], read: ProjectedRead): R[] =>
  held.flatMap(({ feed, deleted, record }) => (readOf(feed) !== read || deleted ? [] : [record as R]));

const changeOf = ({ changedAt, updatedAt, recordedAt }: Held): number =>
  (changedAt ?? updatedAt ?? recordedAt).getTime();

/** As a department's reads give them: of what is equal otherwise the first counts. */
function inOrderOfReads(a: Held, b: Held): number {
  if (a.sortKey !== b.sortKey) return a.sortKey < b.sortKey ? 1 : -1;
  return a.recordId < b.recordId ? -1 : 1;
}

/** What one department holds of each of these institutions, same order. */
async function heldBy(
  models: Models,
  departmentId: string,
  institutions: readonly RegisteredInstitution[],
  numbers: readonly LocalNumbers[],
): Promise<readonly (readonly Held[])[]> {
  const keys = institutions.map(({ creditCode }, index) =>
    subjectKeysOf({ creditCode, localIds: numbers[index]?.get(departmentId) ?? [] }),
  );
  const positions = new Map<string, number[]>();
  for (const [position, own] of keys.entries()) {
    for (const key of own) positions.set(key, [...(positions.get(key) ?? []), position]);
  }
  const held = institutions.map(() => new Set<Held>());
  for (const each of await heldUnder(models, departmentId, keys.flat())) {
    for (const key of each.subjects) {
      for (const position of positions.get(key) ?? []) held[position]?.add(each);
    }
  }
  return held.map((own) => [...own].sort(inOrderOfReads));
}

/** @returns the facts of those of the institutions that a register holds */
export async function institutionFacts(
  models: Models,
  departments: readonly DepartmentDescriptor[],
  decisions: StationDecisions,
  codes: readonly CreditCode[],
): Promise<ReadonlyMap<CreditCode, InstitutionFacts>> {
  const institutions = await registeredInstitutions(models, departments, codes);
  const numbers = await localNumbersOf(models, departments, decisions, institutions);
  const perDepartment = await Promise.all(departments.map(({ id }) => heldBy(models, id, institutions, numbers)));
  const facts = new Map<CreditCode, InstitutionFacts>();
  for (const [position, { creditCode, record }] of institutions.entries()) {
    const held = perDepartment.flatMap((own) => own[position] ?? []);
    facts.set(creditCode, {
      creditCode,
      description: record,
      qualifications: recordsOf<InstitutionFacts['qualifications'][number]>(held, 'qualifications'),
      penalties: recordsOf<PenaltyRecord>(held, 'penalties'),
      listEntries: recordsOf<ListEntryRecord>(held, 'listEntries'),
      changedAt: new Date(Math.max(...held.map(changeOf))),
    });
  }
  return facts;
}
