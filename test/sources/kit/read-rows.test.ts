import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { UnreadableValue } from '../../../sources/kit/adapter.ts';
import {
  answerByKey,
  field,
  MalformedField,
  readRow,
  readRows,
  withoutDuplicates,
  type RowReader,
} from '../../../sources/kit/read-rows.ts';

/** A row of an imagined department: number, station, day; deleted rows are flagged. */
const Wire = z.object({ BH: z.string(), JCZ: z.string().nullable(), RQ: z.string(), CZLX: z.string().optional() });
type Wire = z.infer<typeof Wire>;
interface Draft {
  readonly number: string;
  readonly day: number;
}

const reader: RowReader<Wire, Draft> = {
  wire: Wire,
  toDraft: ({ BH, RQ, CZLX }) =>
    CZLX === 'D'
      ? null
      : {
          number: BH,
          day: field('RQ', () => {
            if (!/^\d{8}$/.test(RQ)) throw new RangeError('is not a day');
            return Number(RQ);
          }),
        },
  recordIdOf: (row) => z.looseObject({ BH: z.string() }).safeParse(row).data?.BH ?? null,
};
const row = (BH: string, facts: Partial<Record<keyof Wire, unknown>> = {}) => ({
  BH,
  JCZ: 'S1',
  RQ: '20260302',
  ...facts,
});
const stationOf = (each: unknown): string | null =>
  z.looseObject({ JCZ: z.string() }).safeParse(each).data?.JCZ ?? null;

describe('one row', () => {
  it('becomes a draft', () => {
    expect(readRow(row('T1'), reader)).toEqual({ draft: { number: 'T1', day: 20260302 } });
  });

  it('may be none of the hub’s business', () => {
    expect(readRow(row('T1', { CZLX: 'D' }), reader)).toEqual({ draft: null });
  });

  it.each([
    ['a field has another type', row('T1', { RQ: 20260302 }), { recordId: 'T1', field: 'RQ' }],
    ['a field is missing', { BH: 'T1', JCZ: 'S1' }, { recordId: 'T1', field: 'RQ' }],
    [
      'a value cannot be converted',
      row('T1', { RQ: '2026-13-02' }),
      { recordId: 'T1', field: 'RQ', problem: 'is not a day' },
    ],
    ['its id cannot be read either', row('T1', { BH: null }), { recordId: null, field: 'BH' }],
    ['it is no row at all', 'T1', { recordId: null, field: '(record)' }],
    ['it is null', null, { recordId: null, field: '(record)' }],
    [
      'Mesh could not take a value',
      row('T1', { RQ: new UnreadableValue('has another type than the contract says') }),
      { recordId: 'T1', field: 'RQ' },
    ],
  ])('is malformed, with the field named, when %s', (_, wire, expected) => {
    expect(readRow(wire, reader)).toEqual({ malformed: expect.objectContaining(expected) });
  });

  it('names a field inside of another by its path', () => {
    const nested: RowReader<unknown, unknown> = {
      wire: z.object({ ITEMS: z.array(z.object({ XM: z.string() })) }),
      toDraft: (each) => each,
      recordIdOf: () => null,
    };
    expect(readRow({ ITEMS: [{ XM: 'B1' }, { XM: 2 }] }, nested)).toMatchObject({ malformed: { field: 'ITEMS.1.XM' } });
  });

  it('never repeats the value that was wrong', () => {
    const secret = '20260302贵A0T101';
    expect(JSON.stringify(readRow(row('T1', { RQ: secret }), reader))).not.toContain('贵A0T101');
    expect(JSON.stringify(readRow(row('T1', { RQ: { secret } }), reader))).not.toContain('贵A0T101');
  });

  it('does not hide a mistake of the map function as the department’s', () => {
    const mistaken = { ...reader, toDraft: () => (undefined as unknown as { a: { b: number } }).a.b };
    expect(() => readRow(row('T1'), mistaken)).toThrow(TypeError);
  });
});

describe('a converted field', () => {
  it('keeps its value', () => {
    expect(field('RQ', () => 5)).toBe(5);
  });

  it('is named with the problem when it cannot be converted', () => {
    const attempt = () => field('PENAM', () => Number.parseInt('x', 10).toFixed(200));
    expect(attempt).toThrow(MalformedField);
    expect(attempt).toThrow(expect.objectContaining({ field: 'PENAM' }));
  });

  it('is named even when something else than an error was thrown', () => {
    const attempt = () =>
      // A generator throws what it is handed, as libraries throw texts.
      field('PENAM', () => (function* () {})().throw('text'));
    expect(attempt).toThrow(expect.objectContaining({ field: 'PENAM', message: 'cannot be read' }));
  });
});

describe('the rows of one answer', () => {
  it('keep their order, and one unreadable row takes no other with it', () => {
    const rows = [row('T2'), row('T1', { RQ: 'soon' }), row('T3', { CZLX: 'D' }), 7, row('T0')];
    const { drafts, malformed } = readRows(rows, reader);
    expect(drafts.map(({ number }) => number)).toEqual(['T2', 'T0']);
    expect(malformed.map(({ recordId, field: name }) => [recordId, name])).toEqual([
      ['T1', 'RQ'],
      [null, '(record)'],
    ]);
  });
});

describe('the rows of a batch', () => {
  const stations = fc.constantFrom('S1', 'S2', 'S3', 'S4');
  const rowOfStation = fc.record({
    BH: fc.uuid(),
    JCZ: fc.option(stations),
    RQ: fc.constantFrom('20260302', '20260303', 'unreadable'),
  });

  it('reach exactly the requests that asked for their key, in the order of the reply', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(stations, { maxLength: 3 }), { maxLength: 5 }),
        fc.array(rowOfStation, { maxLength: 20 }),
        (requests, rows) => {
          const sets = answerByKey(requests, rows, stationOf, reader);
          const readable = rows.filter(({ RQ }) => RQ !== 'unreadable');
          expect(sets.map(({ drafts }) => drafts.map(({ number }) => number))).toEqual(
            requests.map((keys) =>
              readable.filter(({ JCZ }) => JCZ !== null && keys.includes(JCZ)).map(({ BH }) => BH),
            ),
          );
        },
      ),
    );
  });

  it('count against the requests they belong to when they cannot be read, and against all when nobody can tell whose they are', () => {
    const rows = [row('T1', { RQ: '?' }), row('T2', { JCZ: 7 }), row('T3', { JCZ: 'S9', RQ: '?' }), row('T4')];
    const sets = answerByKey([['S1'], ['S2']], rows, stationOf, reader);
    expect(sets.map(({ malformed }) => malformed.map(({ recordId }) => recordId))).toEqual([['T1', 'T2'], ['T2']]);
    expect(sets.map(({ drafts }) => drafts.length)).toEqual([1, 0]);
  });

  it('are given once to a request that names a key twice, and to every request that shares it', () => {
    const sets = answerByKey(
      [
        ['S1', 'S1'],
        ['S2', 'S1'],
      ],
      [row('T1')],
      stationOf,
      reader,
    );
    expect(sets.map(({ drafts }) => drafts.length)).toEqual([1, 1]);
  });
});

describe('rows that were sent twice', () => {
  it('are kept once, the first of each, and what was malformed stays', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), text: fc.string() })), (drafts) => {
        const malformed = [{ recordId: null, field: 'RQ', problem: 'is not a day' }];
        const kept = withoutDuplicates({ drafts, malformed }, ({ id }) => id);
        expect(kept.drafts).toEqual(drafts.filter((draft, at) => drafts.findIndex(({ id }) => id === draft.id) === at));
        expect(kept.malformed).toBe(malformed);
      }),
    );
  });
});
