/** A replica of three imagined departments, and the search index that follows it. */
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import { NO_DECISIONS } from '../../schema/identity/station-decisions.ts';
import type { ReplicatedRead, SubjectKey } from '../../schema/ports.ts';
import type { InstitutionRecord, ListEntryRecord, PenaltyRecord, QualificationRecord } from '../../schema/records.ts';
import type { ReplicatedRecord } from '../../schema/replica/facts.ts';
import { institutionFacts } from '../../schema/replica/institution-facts.ts';
import { ProjectionStates } from '../../schema/replica/projection-states.ts';
import { Projector, type ChangeConsumer } from '../../schema/replica/projector.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { institutionIndex } from '../../schema/search/institution-index.ts';
import { InstitutionSearch } from '../../schema/search/institution-search.ts';
import { openStore } from '../support/store.ts';
import { day, department, institution, penalty, provenance, qualification } from '../schema/support/records.ts';

export const REGISTER = department('market-regulation', { authoritativeFor: ['name'] });
export const POLICE = department('public-security');
export const TRANSPORT = department('transport');
export const ECOLOGY = department('ecology');
export const HELD_BY = [REGISTER, ECOLOGY, TRANSPORT, POLICE];

type DepartmentId = 'market-regulation' | 'ecology' | 'transport' | 'public-security';

/** What a department says under a record id; null: that it holds it no longer. */
export interface Word {
  readonly departmentId: DepartmentId;
  readonly read: ReplicatedRead;
  readonly recordId: string;
  readonly subjects: readonly SubjectKey[];
  readonly record: ReplicatedRecord | null;
}

const stamped = (departmentId: DepartmentId, recordId: string) =>
  provenance(departmentId, { sourceRecordId: recordId });

export const registered = (creditCode: CreditCode, facts: Partial<InstitutionRecord> | null = {}): Word => ({
  departmentId: 'market-regulation',
  read: 'institutions',
  recordId: creditCode,
  subjects: [`code:${creditCode}`],
  record:
    facts &&
    institution('market-regulation', {
      creditCode,
      ...facts,
      provenance: stamped('market-regulation', creditCode),
    }),
});

/** An entry of the police's directory. */
export const stationAt = (localId: string, facts: Partial<InstitutionRecord> | null = {}): Word => ({
  departmentId: 'public-security',
  read: 'institutions',
  recordId: localId,
  subjects: [`local:${localId}`],
  record:
    facts &&
    institution('public-security', {
      ...{ creditCode: null, localId },
      ...facts,
      provenance: stamped('public-security', localId),
    }),
});

export const certified = (
  code: CreditCode,
  recordId: string,
  facts: Partial<QualificationRecord> | null = {},
): Word => ({
  departmentId: 'market-regulation',
  read: 'qualifications',
  recordId,
  subjects: [`code:${code}`],
  record: facts && qualification({ number: recordId, ...facts, provenance: stamped('market-regulation', recordId) }),
});

/** The police's filing of a station. */
export const filed = (localId: string, facts: Partial<QualificationRecord> | null = {}): Word => ({
  departmentId: 'public-security',
  read: 'qualifications',
  recordId: localId,
  subjects: [`local:${localId}`],
  record:
    facts &&
    qualification({
      ...{ scheme: 'POLICE_FILING', number: localId },
      ...facts,
      provenance: stamped('public-security', localId),
    }),
});

/** Filed by transport under the organization code. */
export const punished = (code: CreditCode, recordId: string, facts: Partial<PenaltyRecord> | null = {}): Word => ({
  departmentId: 'transport',
  read: 'penalties',
  recordId,
  subjects: [`org:${code.slice(8, 17)}`],
  record:
    facts &&
    penalty({
      id: `transport~${recordId}`,
      authority: '示例省交通运输厅',
      provenance: stamped('transport', recordId),
      ...facts,
    }),
});

export const listed = (code: CreditCode, recordId: string, facts: Partial<ListEntryRecord> | null = {}): Word => ({
  departmentId: 'market-regulation',
  read: 'listEntries',
  recordId,
  subjects: [`code:${code}`],
  record: facts && {
    ...{ listType: 'ABNORMAL', reason: '(示例)', listedOn: day('2026-01-05'), authority: '示例', removedOn: null },
    ...facts,
    provenance: stamped('market-regulation', recordId),
  },
});

export interface IndexUnderTest {
  readonly replica: Replica;
  readonly search: InstitutionSearch;
  readonly states: ProjectionStates;
  /** By which entries are made. */
  now: Date;
  /** Takes words in, each as if heard a minute after the one before. */
  hear(...words: readonly Word[]): Promise<void>;
  projector(consumers?: readonly ChangeConsumer[]): Projector;
  readonly index: ChangeConsumer;
  /** As if nothing had ever been computed. */
  forgetIndex(): Promise<void>;
  /** As if nothing had ever been heard either. */
  forgetAll(): Promise<void>;
  close(): Promise<void>;
}

export async function openIndex(now: Date): Promise<IndexUnderTest> {
  const store = await openStore();
  const replica = new Replica(store.connection);
  const search = new InstitutionSearch(store);
  await Promise.all([replica.open(), search.ensureIndexes()]);
  const states = new ProjectionStates(store.connection);
  const clock = { now: () => opened.now };
  const index = institutionIndex({
    ...{ search, clock },
    knownOf: async (codes) => ({
      facts: await institutionFacts(replica.models, HELD_BY, NO_DECISIONS, codes),
      risks: new Map(),
    }),
  });
  const empty = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) await store.connection.collection(name).deleteMany({});
  };
  let minute = 0;
  const opened: IndexUnderTest = {
    replica,
    search,
    states,
    now,
    index,
    async hear(...words) {
      for (const { departmentId, read, recordId, subjects, record } of words) {
        const heardAt = new Date(now.getTime() - 86_400_000 + minute++ * 60_000);
        await replica.take(departmentId, read, heardAt, [
          { recordId, updatedAt: null, subjects: record === null ? null : subjects, record },
        ]);
      }
    },
    projector: (consumers = [index]) =>
      new Projector({ replica, states, departments: HELD_BY, decisions: NO_DECISIONS, consumers }),
    forgetIndex: () => empty('institution_entries', 'replica_projections'),
    forgetAll: () => empty('institution_entries', 'replica_projections', 'replica_records', 'replica_feeds'),
    close: () => store.close(),
  };
  return opened;
}
