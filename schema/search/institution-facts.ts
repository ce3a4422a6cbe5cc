/** Everything that the replica holds of institutions, as far as their search entries are made of it. */
import { chunksOf } from '../chunks.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import type { DepartmentDescriptor, SubjectKey } from '../ports.ts';
import type { QualificationVersion } from '../qualification/qualifications-at.ts';
import type { InstitutionRecord, ListEntryRecord } from '../records.ts';
import { feedOf, PROJECTED_READS, readOf, type ProjectedRead } from '../replica/facts.ts';
import { registersOf } from '../replica/held-institutions.ts';
import { localNumbersOf, type LocalNumbers, type RegisteredInstitution } from '../replica/local-numbers.ts';
import { subjectKeysOf } from '../replica/read-records.ts';
import type { ReplicaDocument, ReplicaModels } from '../replica/replica-models.ts';
import type { InstitutionFacts } from './entry-of.ts';

type Models = Pick<ReplicaModels, 'records'>;

interface Held extends Pick<
  ReplicaDocument,
  'feed' | 'subjects' | 'matchKeys' | 'deleted' | 'changedAt' | 'updatedAt' | 'recordedAt'
> {
  readonly record: unknown;
}

const KEYS_PER_STATEMENT = 300;
/** Without what is long and not looked at: capability schedules, and what was believed before. */
const NOT_READ = { versions: 0, 'record.scope': 0, 'record.signatories': 0 } as const;

/** In the order of the reads of a department: by record id. */
async function heldUnder(
  { records }: Models,
  departmentId: string,
  reads: readonly ProjectedRead[],
  subjects: readonly SubjectKey[],
): Promise<readonly Held[]> {
  const feeds = reads.map((read) => feedOf(departmentId, read));
  const found: Held[] = [];
  for (const keys of chunksOf([...new Set(subjects)], KEYS_PER_STATEMENT)) {
    found.push(
      ...(await records
        .find({ feed: { $in: feeds }, subjects: { $in: keys } }, NOT_READ)
        .sort({ recordId: 1 })
        .lean<Held[]>()),
    );
  }
  return found;
}

/** A feed's records are of its own kind. */
const recordsOf = <R>(held: readonly Held[], read: ProjectedRead): R[] =>
  held.flatMap(({ feed, deleted, record }) => (readOf(feed) !== read || deleted ? [] : [record as R]));

const changeOf = ({ changedAt, updatedAt, recordedAt }: Held): number =>
  (changedAt ?? updatedAt ?? recordedAt).getTime();

/** The description of each institution that a register holds, by the register whose word counts most. */
async function registrations(
  models: Models,
  departments: readonly DepartmentDescriptor[],
  codes: readonly CreditCode[],
): Promise<readonly RegisteredInstitution[]> {
  const wanted = new Set<string>(codes);
  const registered = new Map<CreditCode, RegisteredInstitution>();
  for (const { id } of registersOf(departments)) {
    const held = await heldUnder(
      models,
      id,
      ['institutions'],
      codes.map((code): SubjectKey => `code:${code}`),
    );
    for (const { deleted, matchKeys = [], record } of held) {
      const description = record as InstitutionRecord | null;
      const creditCode = description?.creditCode ?? null;
      if (deleted || description === null || creditCode === null || !wanted.has(creditCode)) continue;
      if (!registered.has(creditCode)) registered.set(creditCode, { creditCode, record: description, matchKeys });
    }
  }
  return [...registered.values()];
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
  for (const each of await heldUnder(models, departmentId, PROJECTED_READS, keys.flat())) {
    for (const key of each.subjects) {
      for (const position of positions.get(key) ?? []) held[position]?.add(each);
    }
  }
  return held.map((own) => [...own]);
}

/** @returns the facts of those of the institutions that a register holds */
export async function institutionFacts(
  models: Models,
  departments: readonly DepartmentDescriptor[],
  codes: readonly CreditCode[],
): Promise<ReadonlyMap<CreditCode, InstitutionFacts>> {
  const institutions = await registrations(models, departments, codes);
  const numbers = await localNumbersOf(models, departments, institutions);
  const perDepartment = await Promise.all(departments.map(({ id }) => heldBy(models, id, institutions, numbers)));
  const facts = new Map<CreditCode, InstitutionFacts>();
  for (const [position, { creditCode, record }] of institutions.entries()) {
    const held = perDepartment.flatMap((own) => own[position] ?? []);
    facts.set(creditCode, {
      creditCode,
      description: record,
      qualifications: recordsOf<QualificationVersion>(held, 'qualifications'),
      listEntries: recordsOf<ListEntryRecord>(held, 'listEntries'),
      changedAt: new Date(Math.max(...held.map(changeOf))),
    });
  }
  return facts;
}
