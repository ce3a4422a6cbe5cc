import { describe, expect, it } from '@jest/globals';
import type { AdapterCall } from '../../../sources/kit/adapter.ts';
import { UnreadableValue } from '../../../sources/kit/adapter.ts';
import { askForRows } from '../../../sources/market-regulation/envelope.ts';
import { INSTITUTIONS_BY_CODE } from '../../../sources/market-regulation/operations.ts';

/** What comes of a reply that the typed schema has let through. */
function rowsOf(reply: unknown) {
  const call: AdapterCall = {
    signal: new AbortController().signal,
    execute: () => Promise.resolve({ institutionsByCode: reply }),
  };
  return askForRows(call, INSTITUTIONS_BY_CODE, {});
}
const ok = (data: unknown) => ({ code: '0', msg: 'ok', data });

describe('the envelope', () => {
  it('gives rows, total and the cursor of the next page', async () => {
    expect(await rowsOf(ok({ total: 9, nextCursor: 'c', rows: [1] }))).toEqual({
      rows: [1],
      total: 9,
      nextCursor: 'c',
    });
    expect(await rowsOf(ok({ nextCursor: '', rows: [] }))).toEqual({ rows: [], total: null, nextCursor: null });
  });

  it.each([
    [null, 'institutionsByCode'],
    [new UnreadableValue('is no reply'), 'institutionsByCode.code'],
    [{ code: null, data: { rows: [] } }, 'institutionsByCode.code'],
    [ok(null), 'institutionsByCode.data'],
    [ok({ total: 1, rows: null }), 'institutionsByCode.data.rows'],
    [ok({ total: 'many', rows: [] }), 'institutionsByCode.data.total'],
  ])('that is broken (%#) names the field', async (reply, field) => {
    await expect(rowsOf(reply)).rejects.toMatchObject({ code: 'SOURCE_MALFORMED', details: { field } });
  });

  it.each([
    ['50000', 'SOURCE_UNAVAILABLE', '50000'],
    ['40001', 'SOURCE_REFUSED', '40001'],
    ['42901', 'SOURCE_REFUSED', '42901'],
    ['<script>', 'SOURCE_REFUSED', 'unknown to the hub'],
  ])('with code %s is %s', async (serviceCode, code, shown) => {
    await expect(rowsOf({ code: serviceCode, msg: 'secret words', data: null })).rejects.toMatchObject({
      code,
      details: { code: shown },
      message: expect.not.stringContaining('secret') as unknown,
    });
  });

  it('with the code for a wrong cursor blames the caller', async () => {
    await expect(rowsOf({ code: '40002', msg: '', data: null })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
