/**
 * The exam of every folder under sources/. Nothing here knows a department: a new one is tested before its author
 * writes a test.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  FACET_OF_READ,
  type InspectionRequest,
  type ReadName,
  type ReportRequest,
  type SubjectReference,
} from '../../schema/ports.ts';
import { projectRoot } from '../../schema/project-root.ts';
import type { SourceDefinition } from '../../sources/kit/define-source.ts';
import { discoverSources } from '../../sources/kit/registry.ts';
import { FaultCommand } from '../../sources/kit/upstream/faults.ts';
import type { WorldInstitution } from '../../sources/world/types.ts';
import { callScope, startSource, type SourceUnderTest } from '../support/source-under-test.ts';

const definitions = await discoverSources();
const Shape = z.record(z.string(), z.instanceof(z.ZodType));
const SUBJECT_READS = [
  'institutions',
  'qualifications',
  'facilities',
  'inspections',
  'reports',
  'penalties',
  'listEntries',
] as const;
const NUMBER_READS = ['reportsByNumber', 'certificates', 'processSeries'] as const;

type SubjectRead = (typeof SUBJECT_READS)[number];
type AnyRequest = SubjectReference & InspectionRequest & ReportRequest;

const total = (calls: Readonly<Record<string, number>>): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

describe.each(definitions.map((definition) => [definition.department.id, definition] as const))(
  '%s keeps the source contract',
  (id, definition) => {
    let stand: SourceUnderTest;
    /** Institutions that the department knows, with the numbers under which it knows them. */
    let known: SubjectReference[];
    const stranger: SubjectReference = {
      creditCode: '9152000071430580XT' as SubjectReference['creditCode'],
      localIds: ['0000000000'],
    };

    beforeAll(async () => {
      stand = await startSource(definition, { worldSize: 40, guard: { failuresToOpen: 1_000 } });
      known = await subjectsKnownTo(stand);
    });
    afterAll(() => stand.close());

    const request = (subject: SubjectReference): AnyRequest => ({
      ...subject,
      from: null,
      to: null,
      vin: null,
      result: null,
      number: null,
      limit: 5,
    });
    const ask = (read: SubjectRead, subjects: readonly SubjectReference[], timeoutMs?: number) =>
      stand.source.read(read, subjects.map(request), callScope(timeoutMs));
    const offered = (): SubjectRead[] => SUBJECT_READS.filter((read) => stand.source.reads.has(read));

    it('offers something, and says so in facets that follow from its reads', () => {
      expect(stand.source.reads.size).toBeGreaterThan(0);
      expect(new Set(stand.source.facets)).toEqual(new Set([...stand.source.reads].map((read) => FACET_OF_READ[read])));
    });

    it('answers in the order it was asked', async () => {
      for (const read of offered()) {
        const forward = await ask(read, known);
        const backward = await ask(read, known.toReversed());
        if (forward.status !== 'LIVE' || backward.status !== 'LIVE') throw new Error(`${read} did not answer`);
        const idsOf = (sets: typeof forward.sets) =>
          sets.map((set) => set.records.map((record) => record.provenance.sourceRecordId));
        expect(idsOf(backward.sets)).toEqual(idsOf(forward.sets).toReversed());
        expect(forward.sets).toHaveLength(known.length);
      }
    });

    it('says nothing is on record, not an error, for an institution that it does not know', async () => {
      for (const read of offered()) {
        expect(await ask(read, [stranger])).toMatchObject({ status: 'LIVE', sets: [{ records: [], malformed: [] }] });
      }
    });

    it('answers numbers that nobody uses with nothing', async () => {
      for (const read of NUMBER_READS.filter((name) => stand.source.reads.has(name))) {
        const answer = await stand.source.read(read, ['no-such-number-1', 'no-such-number-2'], callScope());
        expect(answer).toMatchObject({ status: 'LIVE', sets: [{ records: [] }, { records: [] }] });
      }
    });

    it('makes one upstream call for a batch, whatever its size, and none for an empty one', async () => {
      for (const read of offered()) {
        for (const size of [1, known.length]) {
          stand.upstream.resetCalls();
          await ask(read, known.slice(0, size));
          expect({ read, size, calls: total(stand.upstream.calls()) }).toEqual({ read, size, calls: 1 });
        }
        stand.upstream.resetCalls();
        await ask(read, []);
        expect({ read, calls: total(stand.upstream.calls()) }).toEqual({ read, calls: 0 });
      }
    });

    it('stamps every record with whose it is, how old, and what was received', async () => {
      for (const read of offered()) {
        const answer = await ask(read, known);
        if (answer.status !== 'LIVE') throw new Error(`${read} did not answer`);
        for (const { provenance } of answer.sets.flatMap((set) => [...set.records])) {
          expect(provenance).toMatchObject({ departmentId: id, adapterVersion: definition.adapterVersion });
          expect(provenance.receipt).toMatch(/^[0-9a-f]{64}$/);
          expect(provenance.sourceRecordId).not.toBe('');
          expect(provenance.asOf.getTime()).toBeLessThanOrEqual(provenance.fetchedAt.getTime());
        }
      }
    });

    it('finds something on record with every read that it offers', async () => {
      for (const read of offered()) {
        const answer = await ask(read, known);
        if (answer.status !== 'LIVE') throw new Error(`${read} did not answer`);
        expect({ read, found: answer.sets.some((set) => set.records.length > 0) }).toEqual({ read, found: true });
      }
    });

    // Pages over several departments are cut by time, so each must give the newest up to a time, that time included.
    it('gives the newest inspections up to a time, newest first, and no more than asked for', async () => {
      if (!stand.source.reads.has('inspections')) return;
      const read = async (subject: SubjectReference, to: Date | null, limit: number) => {
        const asked = { ...subject, from: null, to, vin: null, limit };
        const answer = await stand.source.read('inspections', [asked], callScope());
        if (answer.status !== 'LIVE') throw new Error('did not answer');
        return answer.sets.flatMap(({ records }) => records.map(({ id, startedAt }) => ({ id, startedAt })));
      };
      let compared = 0;
      for (const subject of known.slice(0, 5)) {
        const all = await read(subject, null, 1_000);
        expect(all).toEqual(all.toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime()));
        expect(await read(subject, null, 5)).toEqual(all.slice(0, 5));
        const middle = all[Math.floor(all.length / 2)]?.startedAt ?? new Date();
        expect(await read(subject, middle, 1_000)).toEqual(all.filter(({ startedAt }) => startedAt <= middle));
        compared += all.length;
      }
      expect(compared).toBeGreaterThan(0);
    });

    it('gives up when the deadline passes, and does not reject', async () => {
      await stand.upstream.setFault({ kind: 'half-open', delayMs: 0, scope: 'all' });
      const [read] = offered();
      const begin = performance.now();
      const answer = await ask(read ?? 'institutions', known, 400);
      await stand.upstream.setFault(null);
      expect(answer).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_TIMEOUT' });
      expect(performance.now() - begin).toBeLessThan(2_000);
    });

    it.each(FaultCommand.shape.kind.options)('never rejects, whatever happens to the call (%s)', async (kind) => {
      const numbers = NUMBER_READS.filter((name) => stand.source.reads.has(name));
      await stand.upstream.setFault({ kind, delayMs: 5_000, scope: 'all' });
      const answers = await Promise.allSettled([
        ...offered().map((read) => ask(read, known, 400)),
        ...numbers.map((read) => stand.source.read(read, ['no-such-number'], callScope(400))),
      ]);
      await stand.upstream.setFault(null);
      expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
    });

    it('does not call for a caller who has gone', async () => {
      stand.upstream.resetCalls();
      const gone = { ...callScope(), signal: AbortSignal.abort() };
      const [read] = offered();
      const answer = await stand.source.read(read ?? 'institutions', known.map(request), gone);
      expect(answer).toMatchObject({ status: 'UNAVAILABLE', code: 'SOURCE_TIMEOUT' });
      expect(total(stand.upstream.calls())).toBe(0);
    });

    it('names garbage as malformed and a closed door as unavailable', async () => {
      const [read] = offered();
      for (const [kind, codes] of [
        ['garbage', ['SOURCE_MALFORMED', 'SOURCE_UNAVAILABLE']],
        ['down', ['SOURCE_UNAVAILABLE']],
        ['refused', ['SOURCE_REFUSED']],
      ] as const) {
        await stand.upstream.setFault({ kind, delayMs: 0, scope: 'all' });
        const answer = await ask(read ?? 'institutions', known);
        await stand.upstream.setFault(null);
        expect(answer.status).toBe('UNAVAILABLE');
        expect(codes).toContain(answer.status === 'UNAVAILABLE' ? answer.code : '');
      }
    });

    it('leaves out one record that it cannot read, names its field, and keeps the others', async () => {
      const read: ReadName = 'institutions';
      await stand.upstream.setFault({ kind: 'schema-drift', delayMs: 0, scope: 'first' });
      const answer = await ask(read, known);
      await stand.upstream.setFault(null);
      if (answer.status !== 'LIVE') throw new Error('did not answer');
      const malformed = answer.sets.flatMap((set) => [...set.malformed]);
      expect(malformed.length).toBeGreaterThan(0);
      expect(malformed[0]?.field).toMatch(/\S/);
      expect(answer.sets.filter((set) => set.records.length > 0).length).toBeGreaterThan(0);
    });

    it('offers a directory exactly when it uses numbers of its own', async () => {
      expect(stand.source.directory !== undefined).toBe(definition.department.keyedBy === 'LOCAL_NUMBER');
      const directory = await stand.source.directory?.(callScope(30_000));
      expect(new Set(directory?.entries.map((entry) => entry.localId)).size).toBe(directory?.entries.length ?? 0);
    });

    it('answers a ping', async () => {
      await expect(stand.source.ping(callScope())).resolves.toBeUndefined();
    });

    it('describes each of its settings, under its own prefix', () => {
      const prefix = `${id.toUpperCase().replaceAll('-', '_')}_`;
      for (const [name, setting] of Object.entries(Shape.parse(definition.config.shape))) {
        expect(name.startsWith(prefix)).toBe(true);
        expect({ name, described: (z.toJSONSchema(setting, { io: 'input' }).description ?? '').length > 10 }).toEqual({
          name,
          described: true,
        });
      }
      expect(Object.keys(definition.config.shape)).toEqual(
        expect.arrayContaining([definition.endpointVariable, ...definition.providedByUpstream]),
      );
    });

    it('shows people an address without credentials', () => {
      const secrets = definition.providedByUpstream.filter((name) => name !== definition.endpointVariable);
      for (const name of secrets) {
        expect(stand.source.address).not.toContain(stand.upstream.environment[name] ?? '(none)');
      }
      expect(stand.source.address).not.toMatch(/\/\/[^/]*@/);
    });

    it('comes with its README, its Mesh entry and a contract file that Mesh holds no credential of', () => {
      const folder = join(projectRoot, 'sources', id);
      expect(existsSync(join(folder, 'README.md'))).toBe(true);
      expect(existsSync(join(folder, 'mesh.yaml'))).toBe(true);
      expect(readdirSync(folder).some((file) => /\.(sql|wsdl|json)$|openapi\.yaml$/.test(file))).toBe(true);
      const artifacts = readdirSync(join(projectRoot, '.mesh'), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(js|graphql)$/.test(file))
        .map((file) => readFileSync(join(projectRoot, '.mesh', file), 'utf8'))
        .join('\n');
      for (const name of definition.providedByUpstream) {
        const value = stand.upstream.environment[name] ?? '';
        expect({ name, leaked: value.length > 7 && artifacts.includes(value) }).toEqual({ name, leaked: false });
      }
    });
  },
);

/** Every institution of the world that the department has on record, asked under every number it might have. */
async function subjectsKnownTo({ source, world, upstream }: SourceUnderTest): Promise<SubjectReference[]> {
  const numbersOf = ({ localNumbers }: WorldInstitution): string[] =>
    Object.values(localNumbers).filter((number) => number !== null);
  const directory = await source.directory?.(callScope(30_000));
  const listed = new Set(directory?.entries.map((entry) => entry.localId));
  const subjects = world.institutions.map((institution): SubjectReference => ({
    creditCode: institution.creditCode,
    localIds: directory === undefined ? [] : numbersOf(institution).filter((number) => listed.has(number)),
  }));
  upstream.resetCalls();
  if (directory !== undefined) return subjects.filter((subject) => subject.localIds.length > 0);
  const answer = await source.read('institutions', subjects, callScope(10_000));
  if (answer.status !== 'LIVE') throw new Error('the department does not answer');
  return subjects.filter((_, index) => (answer.sets[index]?.records.length ?? 0) > 0);
}

describe('the registry of departments', () => {
  it('finds every folder, in order of department code, each code once', () => {
    const codes = definitions.map((definition: SourceDefinition) => definition.department.code);
    expect(codes).toEqual([...new Set(codes)].sort());
    expect(definitions.length).toBeGreaterThanOrEqual(4);
  });
});
