/** What becomes of recognitions and of the hub's own findings is seen in profiles, and false reports in recognitions. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withFalseReports } from '../../schema/credit/false-report-clues.ts';
import { FindingService } from '../../schema/recognition/finding-service.ts';
import { FindingStore } from '../../schema/recognition/finding-store.ts';
import { RecognitionStore } from '../../schema/recognition/recognition-store.ts';
import { recognised } from '../recognition/cases.ts';
import { codeOf, day } from '../schema/support/records.ts';
import { registered } from '../search/held-records.ts';
import { clerk, openLightWorld, type LightWorld } from './light-world.ts';

let world: LightWorld;
let findings: FindingService;
let findingStore: FindingStore;
beforeAll(async () => {
  world = await openLightWorld('2026-03-10T12:00');
  findingStore = new FindingStore(world.connection);
  await findingStore.open();
  findings = new FindingService(findingStore, world.clock, () => undefined);
});
afterAll(() => world.close());

const CODE = codeOf(31);
const clue = (state: 'OPEN' | 'CONFIRMED' | 'DISMISSED', creditCode = CODE) => ({
  ...{ creditCode, number: 'XS-1', reportNumber: 'BG-2026-0001', concernsFrom: null, state, note: '数据雷同' },
});

describe('a clue', () => {
  it('is nobody’s guilt until it is confirmed; then it is a false report, until it is dismissed', async () => {
    await world.hear(registered(CODE));
    await findings.recordClue(clerk('ecology'), clue('OPEN'));
    await world.settle();
    expect(await world.weights(CODE)).toEqual([]);
    await findings.recordClue(clerk('ecology'), clue('CONFIRMED'));
    await world.settle();
    expect(await world.weights(CODE)).toEqual(['ENFORCEMENT-FALSE 200']);
    await findings.recordClue(clerk('ecology'), clue('DISMISSED'));
    await world.settle();
    expect(await world.weights(CODE)).toEqual([]);
  });

  it('is counted once with the finding that says the same', async () => {
    await findings.recordClue(clerk('ecology'), clue('CONFIRMED'));
    await world.projection.credit.falseReports.confirm(clerk('ecology'), {
      ...{ creditCode: CODE, regionCode: '520115', reportNumber: 'BG-2026-0001', vehicle: 'LDMHCV3B7P0000101' },
      ...{ confirmedOn: day('2026-03-09'), subject: '排放检验', documentNumber: null },
    });
    await world.settle();
    expect(await world.weights(CODE)).toEqual(['ENFORCEMENT-FALSE 200']);
  });
});

describe('a report that a department has found to be false', () => {
  it('is a confirmed clue to whoever recognises results, until the finding is withdrawn', async () => {
    const known = withFalseReports(world.connection, { ofInstitution: () => Promise.resolve([]) });
    const [seen] = await known.ofInstitution(CODE);
    expect(seen).toMatchObject({ kind: 'CLUE', state: 'CONFIRMED', reportNumber: 'BG-2026-0001' });
    await world.projection.credit.falseReports.withdraw(clerk('ecology'), seen?._id ?? '', '误报');
    expect(await known.ofInstitution(CODE)).toEqual([]);
    await world.settle();
    // The clue says it still.
    expect(await world.weights(CODE)).toEqual(['ENFORCEMENT-FALSE 200']);
  });

  it('has recognitions that rest on its institution looked at again', async () => {
    const code = codeOf(32);
    await world.hear(registered(code));
    const recognitions = new RecognitionStore(world.connection);
    await recognitions.open();
    const resting = recognised('resting', ['ecology'], new Date('2026-03-01T04:00:00Z'));
    await recognitions.insert({
      ...{ ...resting, restsOn: code, recheckAt: null, nextClockAt: null },
      institution: { ...resting.institution, creditCode: code },
    });
    await world.projection.credit.falseReports.confirm(clerk('ecology'), {
      ...{ creditCode: code, regionCode: '520115', reportNumber: 'BG-2026-0002', vehicle: null },
      ...{ confirmedOn: day('2026-03-09'), subject: '排放检验', documentNumber: null },
    });
    await world.settle();
    expect((await recognitions.get('resting')).recheckAt).not.toBeNull();
  });
});

describe('a result of a proficiency test', () => {
  it('weighs from the day of its record', async () => {
    const code = codeOf(33);
    await world.hear(registered(code));
    await world.settle();
    await findings.recordProficiency(clerk('market-regulation'), {
      ...{
        creditCode: code,
        number: 'NL-1',
        parameter: '水分',
        standard: null,
        grade: 'UNSATISFACTORY',
        note: '不满意',
      },
      ...{ evaluatedOn: day('2026-03-01'), closedOn: null },
    });
    await world.settle();
    expect(await world.weights(code)).toEqual(['CAPABILITY-PROFICIENCY 60']);
  });
});

describe('a recognition that is revoked', () => {
  it('weighs, and no more when it is good again', async () => {
    const code = codeOf(34);
    await world.hear(registered(code));
    const recognitions = new RecognitionStore(world.connection, { now: () => world.clock.now() });
    const standing = recognised('revoked', ['ecology'], new Date('2026-03-01T04:00:00Z'));
    await recognitions.insert({
      ...{ ...standing, restsOn: code, institution: { ...standing.institution, creditCode: code } },
    });
    const hold = { code: 'RJ05', cause: 'SIGNATORY', consequence: 'REVOKE', detail: '(示例)' } as never;
    await recognitions.change('revoked', { name: 'hub' }, (change) => change.set({ holds: [hold] }));
    expect(await recognitions.get('revoked')).toMatchObject({ state: 'REVOKED', revokedAt: world.clock.now() });
    await world.settle();
    expect(await world.weights(code)).toEqual(['HISTORY-RECOGNITION 30']);
    await recognitions.change('revoked', { name: 'hub' }, (change) => change.set({ holds: [] }));
    expect((await recognitions.get('revoked')).revokedAt).toBeNull();
    await world.settle();
    expect(await world.weights(code)).toEqual([]);
  });
});
