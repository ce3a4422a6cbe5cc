/** What a screening says of the reference world, where the departments are asked by what has changed and never by row. */
import { setMaxListeners } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bringUpToDate } from '../../jobs/screening/bring-up-to-date.ts';
import { completeCreditCode } from '../../schema/codes/credit-code.ts';
import { createOwnContext, type HubServices } from '../../schema/context.ts';
import { heldServices } from '../../schema/screening/held-services.ts';
import { screen } from '../../schema/screening/screen.ts';
import type { Screened, ScreenedKind } from '../../schema/screening/screened.ts';
import { REPORTS } from '../../sources/world/planted/keys.ts';
import { codeOf, dataOf, PATIENCE_MS, present, startReplicatedHub, type ReplicatedHub } from '../hub/support.ts';

let now = new Date('2026-03-31T10:00:00+08:00');
const clock = { now: () => now };
let hub: ReplicatedHub;
beforeAll(async () => {
  hub = await startReplicatedHub({ worldSize: 30, clock });
  await update();
}, 240_000);
afterAll(() => hub.close());

const scope = () => {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return { requestId: 'test', signal, deadlineAt: Infinity };
};
const update = () =>
  bringUpToDate({
    ...{ sources: hub.services.registry.all(), replica: hub.replica, clock, maxAgeSeconds: null },
    onProgress: () => undefined,
  });
const held = (): Promise<HubServices> =>
  heldServices(hub.services, hub.replica, { maxAgeSeconds: null, startedAt: now }, scope());

async function screened(kind: ScreenedKind, ...texts: readonly string[]): Promise<readonly Screened[]> {
  const context = createOwnContext(await held(), scope());
  return await screen(
    texts.map((text) => ({ kind, text })),
    context,
  );
}
const one = async (kind: ScreenedKind, text: string): Promise<Screened> => present((await screened(kind, text))[0]);

const PLANTED = Object.values(REPORTS).flat();
/** Right in form, and nobody's. */
const UNKNOWN_CODE = completeCreditCode('91520115', 'MAYDM999');

describe('report numbers', () => {
  it('get the verdicts that verifyReport gives', async () => {
    const verdicts = new Map<string, string>();
    for (const number of PLANTED) {
      const { verifyReport } = dataOf(
        await hub.query<{ verifyReport: { verdict: string } }>(
          'query ($number: String!) { verifyReport(number: $number) { verdict } }',
          { number },
          PATIENCE_MS,
        ),
      );
      verdicts.set(number, verifyReport.verdict);
    }
    const answers = await screened('REPORT', ...PLANTED);
    expect(answers.map(({ verdict }, index) => [PLANTED[index], verdict])).toEqual([...verdicts]);
    expect(new Set(verdicts.values())).toEqual(
      new Set(['AUTHENTIC', 'NOT_FOUND', 'MISMATCH', 'ISSUER_UNQUALIFIED', 'OUT_OF_SCOPE']),
    );
  });

  it('tell whose word it is, how the issuer stands today, and who was asked', async () => {
    expect(await one('REPORT', ` ${REPORTS.authoritySample}\u3000`)).toMatchObject({
      verdict: 'AUTHENTIC',
      reason: null,
      institutionCode: codeOf('INST-G'),
      issuedOn: '2026-02-11',
      conclusion: 'PASS',
      provenance: { departmentId: 'market-regulation', fetchedAt: expect.any(Date), receipt: expect.any(String) },
      coverage: expect.arrayContaining([
        { departmentId: 'market-regulation', facet: 'REPORTS', status: 'REPLICA', observedAt: now },
        { departmentId: 'market-regulation', facet: 'LIST_ENTRIES', status: 'REPLICA', observedAt: now },
      ]),
    });
  });

  it('that are none are said to be none', async () => {
    const answers = await screened('REPORT', '', '\u0007', 'x'.repeat(101), 'BG\uFFFD1');
    expect(answers.map(({ verdict }) => verdict)).toEqual(['INVALID', 'INVALID', 'INVALID', 'INVALID']);
  });
});

describe('credit codes', () => {
  it('are registered, listed, unknown or wrong', async () => {
    const codes = ['INST-A', 'INST-B', 'INST-C', 'INST-D', 'INST-E', 'INST-F', 'INST-G', 'INST-H'] as const;
    const answers = await screened('INSTITUTION', ...codes.map(codeOf));
    const listed = dataOf(
      await hub.query<Record<string, { listEntries: { active: boolean }[] }>>(
        `{ ${codes.map((key) => `${key.replace('-', '_')}: institution(creditCode: "${codeOf(key)}") { listEntries { active } }`).join('\n')} }`,
        {},
        PATIENCE_MS,
      ),
    );
    const isListed = Object.values(listed).map(({ listEntries }) => listEntries.some(({ active }) => active));
    expect(isListed).toContain(true);
    expect(answers.map(({ verdict }) => verdict)).toEqual(isListed.map((is) => (is ? 'LISTED' : 'REGISTERED')));
    expect(answers.every(({ qualifications }) => (qualifications?.found.length ?? 0) > 0)).toBe(true);
    expect(answers[0]).toMatchObject({
      institutionName: '贵州示例甲机动车检测有限公司',
      penalties: { found: expect.arrayContaining([expect.stringContaining('〔')]), silent: [] },
      provenance: { departmentId: 'market-regulation' },
    });
  });

  it('of nobody are not found; wrong ones name the place of the fault', async () => {
    const [unknown, wrong, short] = await screened('INSTITUTION', UNKNOWN_CODE, '91520115MAYDM00199', '91520115');
    expect(unknown).toMatchObject({ verdict: 'NOT_FOUND', lists: { found: [], silent: [] } });
    expect(wrong).toMatchObject({ verdict: 'INVALID', reason: 'CHECK18 at 18, expected 8' });
    expect(short?.verdict).toBe('INVALID');
  });
});

describe('the departments', () => {
  it('are not called for any row, nor for what is up to date', async () => {
    await held();
    hub.resetCalls();
    expect(await update()).toEqual([]);
    await screened('REPORT', ...PLANTED);
    await screened('INSTITUTION', ...hub.world.institutions.map(({ creditCode }) => creditCode));
    expect(Object.values(hub.calls()).flatMap((calls) => Object.keys(calls))).toEqual([]);
  });

  it('that do not answer make UNVERIFIABLE what might be theirs, and never NOT_FOUND', async () => {
    now = new Date(now.getTime() + 3_600_000);
    const outcomes = await hub.during('market-regulation', { kind: 'down' }, update);
    expect(outcomes.filter(({ succeeded }) => !succeeded).map(({ departmentId }) => departmentId)).toContain(
      'market-regulation',
    );
    const [missing, known] = await screened('REPORT', REPORTS.unknown, REPORTS.authoritySample);
    expect(missing).toMatchObject({
      verdict: 'UNVERIFIABLE',
      coverage: expect.arrayContaining([
        expect.objectContaining({ departmentId: 'market-regulation', facet: 'REPORTS', status: 'STALE' }),
        expect.objectContaining({ departmentId: 'ecology', facet: 'REPORTS', status: 'REPLICA' }),
      ]),
    });
    expect(known).toMatchObject({ verdict: 'UNVERIFIABLE', lists: { silent: ['market-regulation'] } });
    const [nobody, unlisted] = await screened('INSTITUTION', UNKNOWN_CODE, codeOf('INST-G'));
    expect(nobody?.verdict).toBe('UNVERIFIABLE');
    expect(unlisted).toMatchObject({ verdict: 'UNVERIFIABLE', lists: { found: [], silent: ['market-regulation'] } });
    await update();
    expect((await one('REPORT', REPORTS.unknown)).verdict).toBe('NOT_FOUND');
  });

  it('that have never been read do so, too', async () => {
    await hub.replica.models.states.deleteMany({ _id: 'ecology|reports' });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await one('REPORT', REPORTS.unknown)).toMatchObject({
      verdict: 'UNVERIFIABLE',
      coverage: expect.arrayContaining([
        { departmentId: 'ecology', facet: 'REPORTS', status: 'UNAVAILABLE', observedAt: null },
      ]),
    });
  });
});
