import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CoverageLedger, mergeCoverage } from '../../schema/coverage/coverage-ledger.ts';
import type { CoverageEntry, DepartmentAnswers } from '../../schema/department-answer.ts';
import type { CoverageStatus } from '../../schema/enums.ts';
import type { Facet } from '../../schema/records.ts';
import { A, at, B, department, type DepartmentId } from './support/records.ts';

const FROM_HARMLESS_TO_HARMFUL: readonly CoverageStatus[] = [
  'UNSUPPORTED',
  'LIVE',
  'REPLICA',
  'STALE',
  'PARTIAL',
  'UNAVAILABLE',
  'DENIED',
];

const entry = (
  id: DepartmentId,
  facet: Facet,
  status: CoverageStatus,
  facts: Partial<CoverageEntry> = {},
): CoverageEntry => ({ department: department(id), facet, status, asOf: null, reason: null, ...facts });
const answer = (...entries: CoverageEntry[]): DepartmentAnswers<never> =>
  entries.map((coverage) => ({ coverage, records: [] }));
const summary = (entries: readonly CoverageEntry[]): string[] =>
  entries.map(({ department: { id }, facet, status }) => `${facet} ${id} ${status}`);

const anyEntry = fc
  .tuple(
    fc.constantFrom<DepartmentId>('market-regulation', 'ecology', 'transport', 'public-security'),
    fc.constantFrom<Facet>('INSTITUTIONS', 'PENALTIES', 'REPORTS'),
    fc.constantFrom(...FROM_HARMLESS_TO_HARMFUL),
  )
  .map(([id, facet, status]) => entry(id, facet, status));

describe('several answers of a department about one facet', () => {
  it('are worth as much as the worst of them, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.array(anyEntry), (entries) => {
        const merged = mergeCoverage(entries);
        for (const { department: own, facet, status } of merged) {
          const statuses = entries
            .filter((each) => each.facet === facet && each.department.id === own.id)
            .map((each) => FROM_HARMLESS_TO_HARMFUL.indexOf(each.status));
          expect(FROM_HARMLESS_TO_HARMFUL.indexOf(status)).toBe(Math.max(...statuses));
        }
        expect(merged).toHaveLength(new Set(entries.map((each) => `${each.facet} ${each.department.id}`)).size);
      }),
    );
  });

  it('keep the reason of the worst and the age of the oldest', () => {
    const merged = mergeCoverage([
      entry('ecology', 'PENALTIES', 'LIVE', { asOf: at('2026-03-03') }),
      entry('ecology', 'PENALTIES', 'UNAVAILABLE', { reason: 'SOURCE_TIMEOUT: too slow' }),
      entry('transport', 'PENALTIES', 'LIVE', { asOf: at('2026-03-03') }),
      entry('transport', 'PENALTIES', 'LIVE', { asOf: at('2026-03-01') }),
      entry('transport', 'PENALTIES', 'LIVE', { asOf: at('2026-03-02') }),
    ]);
    expect(merged).toMatchObject([
      { status: 'UNAVAILABLE', reason: 'SOURCE_TIMEOUT: too slow' },
      { status: 'LIVE', asOf: at('2026-03-01') },
    ]);
  });
});

describe('the coverage of an answer', () => {
  it('is ordered by facet of first use, then by department code, whoever answered first', () => {
    const merged = mergeCoverage([
      entry('transport', 'INSTITUTIONS', 'LIVE'),
      entry('public-security', 'PENALTIES', 'LIVE'),
      entry('ecology', 'PENALTIES', 'LIVE'),
      entry('market-regulation', 'INSTITUTIONS', 'LIVE'),
    ]);
    expect(summary(merged)).toEqual([
      'INSTITUTIONS market-regulation LIVE',
      'INSTITUTIONS transport LIVE',
      'PENALTIES ecology LIVE',
      'PENALTIES public-security LIVE',
    ]);
  });

  it('is empty while nothing was asked', async () => {
    expect(await new CoverageLedger().of(A)).toEqual([]);
  });

  it('waits for questions that sibling fields put in the same turn, and for their answers', async () => {
    const ledger = new CoverageLedger();
    const coverage = ledger.of(A);
    let reply: (answers: DepartmentAnswers<never>) => void = () => undefined;
    void Promise.resolve()
      .then(() => undefined)
      .then(() => ledger.note(A, new Promise<DepartmentAnswers<never>>((resolve) => (reply = resolve))));
    await new Promise((resolve) => setImmediate(resolve));
    reply(answer(entry('ecology', 'REPORTS', 'UNAVAILABLE')));
    expect(summary(await coverage)).toEqual(['REPORTS ecology UNAVAILABLE']);
  });

  it('is kept apart for each institution', async () => {
    const ledger = new CoverageLedger();
    void ledger.note(A, Promise.resolve(answer(entry('ecology', 'REPORTS', 'LIVE'))));
    void ledger.note(B, Promise.resolve(answer(entry('ecology', 'REPORTS', 'UNAVAILABLE'))));
    expect(summary(await ledger.of(A))).toEqual(['REPORTS ecology LIVE']);
  });

  it('does not change the answers that it notes', async () => {
    const noted = Promise.resolve(answer(entry('ecology', 'REPORTS', 'LIVE')));
    expect(new CoverageLedger().note(A, noted)).toBe(noted);
    await noted;
  });
});
