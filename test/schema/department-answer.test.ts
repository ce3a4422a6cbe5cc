import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import {
  answerAt,
  answered,
  failIfSilent,
  nothingOnRecord,
  unavailable,
  unsupported,
  withReservation,
} from '../../schema/department-answer.ts';
import type { MalformedRecord, SourceAnswer } from '../../schema/ports.ts';
import { at, department } from './support/records.ts';

const question = { department: department('ecology'), facet: 'PENALTIES' as const };
const ASKED_AT = at('2026-03-03');
const malformed = (recordId: string | null): MalformedRecord => ({
  recordId,
  field: 'FKJE',
  problem: 'is not an amount',
});
const live = (...sets: string[][]): SourceAnswer<string> => ({
  status: 'LIVE',
  asOf: ASKED_AT,
  sets: sets.map((records) => ({ records, malformed: [] })),
});

describe('a department’s answer', () => {
  it('is LIVE with the time of the reply when all of it could be used, also when nothing is on record', () => {
    const coverage = { ...question, status: 'LIVE', asOf: ASKED_AT, reason: null };
    expect(answered(question, { records: ['a'], malformed: [] }, ASKED_AT)).toEqual({ coverage, records: ['a'] });
    expect(nothingOnRecord(question, ASKED_AT)).toEqual({ coverage, records: [] });
  });

  it.each([
    [[malformed('CF-7')], 'SOURCE_MALFORMED: 1 record left out; field FKJE of record CF-7: is not an amount'],
    [[malformed(null), malformed('CF-8')], 'SOURCE_MALFORMED: 2 records left out; field FKJE: is not an amount'],
  ])('is PARTIAL when records could not be read, and says which field', (records, reason) => {
    expect(answered(question, { records: ['a'], malformed: records }, ASKED_AT)).toEqual({
      coverage: { ...question, status: 'PARTIAL', asOf: ASKED_AT, reason },
      records: ['a'],
    });
  });

  it('is UNAVAILABLE with code and reason, or UNSUPPORTED, and never looks like an empty record', () => {
    expect(unavailable(question, 'SOURCE_TIMEOUT', 'too slow').coverage).toEqual({
      ...question,
      status: 'UNAVAILABLE',
      asOf: null,
      reason: 'SOURCE_TIMEOUT: too slow',
    });
    expect(unsupported(question).coverage).toMatchObject({ status: 'UNSUPPORTED', reason: null });
  });
});

describe('the answer to one request of a call', () => {
  it('is the set at its place', () => {
    expect(answerAt(question, live(['a'], []), 0).records).toEqual(['a']);
    expect(answerAt(question, live(['a'], []), 1)).toEqual(nothingOnRecord(question, ASKED_AT));
  });

  it('is the failure of the call', () => {
    const failure = { status: 'UNAVAILABLE', code: 'SOURCE_REFUSED', reason: 'no' } as const;
    expect(answerAt(question, failure, 0)).toEqual(unavailable(question, 'SOURCE_REFUSED', 'no'));
    expect(answerAt(question, { status: 'UNSUPPORTED' }, 0)).toEqual(unsupported(question));
  });

  it.each([1, -1])('is UNAVAILABLE, not empty, when the call holds no set for it (place %i)', (place) => {
    expect(answerAt(question, live(['a']), place).coverage).toMatchObject({
      status: 'UNAVAILABLE',
      reason: 'INTERNAL: Ecology did not answer every request of a call.',
    });
  });
});

describe('a reservation', () => {
  const RESERVATION = 'IDENTITY_UNCERTAIN: 2 entries may be this institution.';

  it('makes a live answer partial and keeps its records and time', () => {
    const answer = answered(question, { records: ['a'], malformed: [] }, ASKED_AT);
    expect(withReservation(answer, RESERVATION)).toEqual({
      coverage: { ...question, status: 'PARTIAL', asOf: ASKED_AT, reason: RESERVATION },
      records: ['a'],
    });
  });

  it('joins the reason that is already there', () => {
    const answer = answered(question, { records: [], malformed: [malformed('CF-7')] }, ASKED_AT);
    expect(withReservation(answer, RESERVATION).coverage.reason).toMatch(/^SOURCE_MALFORMED: .*; IDENTITY_UNCERTAIN: /);
  });

  it('changes nothing when there is none, or when there is no answer anyway', () => {
    const answer = nothingOnRecord(question, ASKED_AT);
    expect(withReservation(answer, null)).toBe(answer);
    const silent = unavailable(question, 'SOURCE_TIMEOUT', 'too slow');
    expect(withReservation(silent, RESERVATION)).toBe(silent);
  });
});

describe('"there is nothing"', () => {
  const nothing = nothingOnRecord(question, ASKED_AT);

  it('may be said when everybody answered or does not hold such facts', () => {
    expect(() => failIfSilent([nothing, unsupported(question)])).not.toThrow();
    expect(() => failIfSilent([])).not.toThrow();
  });

  it('may not be said while a department is silent or was only partly understood; they are named', () => {
    const transport = { department: department('transport'), facet: 'PENALTIES' as const };
    const silent = unavailable(question, 'SOURCE_TIMEOUT', 'too slow');
    const partly = answered(transport, { records: [], malformed: [malformed(null)] }, ASKED_AT);
    const attempt = () => failIfSilent([nothing, silent, partly]);
    expect(attempt).toThrow(
      expect.objectContaining({
        name: 'HubError',
        code: 'SOURCE_UNAVAILABLE',
        message: expect.stringMatching(/Ecology, Transport did not answer in full.*SOURCE_TIMEOUT: too slow$/),
        details: { departments: 'ecology,transport' },
      }),
    );
  });
});
