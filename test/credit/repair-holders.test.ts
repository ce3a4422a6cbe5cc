/** Repairs among departments: everybody who holds the entry confirms, and notices go where the decision sends them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import type { RepairCase } from '../../schema/credit/repair-case.ts';
import type { RepairService } from '../../schema/credit/repair-service.ts';
import { carryThrough } from '../../schema/credit/repair-notices.ts';
import { codeOf, day } from '../schema/support/records.ts';
import { punished, registered, type Word } from '../search/held-records.ts';
import { clerk, openLightWorld, type LightWorld } from './light-world.ts';

let world: LightWorld;
let repairs: RepairService;
beforeAll(async () => {
  world = await openLightWorld('2026-06-01T12:00');
  repairs = world.projection.credit.repairs;
});
afterAll(() => world.close());

/** Transport's decision; "general" by what was confiscated. */
const decision = (code: CreditCode, number: string): Word =>
  punished(code, number, {
    ...{ documentNumber: `示交罚〔2026〕${number}号`, decidedOn: day('2026-02-02') },
    ...{ categories: ['没收违法所得'], reason: '未按规定检测' },
  });
/** The same, as another department publishes it. */
const published = (word: Word, departmentId: 'ecology' | 'market-regulation'): Word => ({
  ...{ ...word, departmentId, recordId: `of-${departmentId}` },
  record: word.record && {
    ...word.record,
    provenance: { ...word.record.provenance, departmentId, asOf: new Date('2026-05-30T12:00:00Z') },
  },
});

const apply = (creditCode: CreditCode, number: string): Promise<RepairCase> =>
  repairs.apply(clerk('market-regulation'), {
    ...{ creditCode, obligationsMet: true, committed: true, statement: '已整改', evidence: [] },
    target: { kind: 'PENALTY', documentNumber: `示交罚〔2026〕${number}号` },
  });
const followed = async (repair: RepairCase): Promise<RepairCase> =>
  await carryThrough(world.notices, repairs.store, repair);
const stateOf = async (noticeId: string): Promise<string> => (await world.notices.store.get(noticeId)).state;

describe('a decision that three departments hold', () => {
  const code = codeOf(21);

  it('is decided by the one that made it, though another has published it since', async () => {
    const own = decision(code, '21');
    await world.hear(registered(code), own, published(own, 'ecology'), published(own, 'market-regulation'));
    await world.settle();
    const { _id, determinerId, edition } = await apply(code, '21');
    expect({ determinerId, edition }).toEqual({ determinerId: 'transport', edition: 'NDRC-58' });
    await expect(repairs.accept(clerk('market-regulation'), _id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await repairs.accept(clerk('transport'), _id)).state).toBe('ACCEPTED');
  });

  it('weighs nothing from the day of the repair, and is synchronised when the last of them has confirmed', async () => {
    const [{ _id }] = (await repairs.store.of([code])) as [RepairCase];
    expect(await world.weights(code)).toContain('ENFORCEMENT-GENERAL 80');
    const approved = await repairs.decide(clerk('transport'), _id, true, '核实');
    expect(approved.holders.map(({ departmentId }) => departmentId)).toEqual([
      ...['ecology', 'market-regulation', 'transport'],
    ]);
    await world.settle();
    expect(await world.weights(code)).toEqual([]);
    const states: string[] = [];
    for (const department of ['transport', 'ecology', 'ecology', 'market-regulation']) {
      states.push((await repairs.confirm(clerk(department), _id)).state);
    }
    expect(states).toEqual(['APPROVED', 'APPROVED', 'APPROVED', 'SYNCHRONISED']);
    await expect(repairs.confirm(clerk('public-security'), _id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await world.settle();
    expect(await world.told(code)).toEqual([
      ...['REPAIR_APPLIED', 'REPAIR_ACCEPTED', 'REPAIR_APPROVED'],
      ...['REPAIR_CONFIRMED', 'REPAIR_CONFIRMED', 'REPAIR_CONFIRMED', 'REPAIR_SYNCHRONISED'],
    ]);
  });
});

describe('a refused repair', () => {
  const code = codeOf(22);

  it('takes its notice back to where it was', async () => {
    await world.hear(registered(code), decision(code, '22'));
    await world.settle();
    const about = { decisionNumber: '示交罚〔2026〕22号', decidedOn: day('2026-02-02') };
    const { _id: noticeId } = await world.issue('transport', code, about);
    const { _id } = await apply(code, '22');
    await followed(await repairs.accept(clerk('transport'), _id));
    expect(await stateOf(noticeId)).toBe('REPAIR_PENDING');
    const refused = await repairs.decide(clerk('transport'), _id, false, '整改不到位', day('2026-09-01'));
    expect(await stateOf(noticeId)).toBe('REPAIR_PENDING');
    // Whoever refused it was killed before the notice followed: the clock carries it through.
    await world.settle();
    expect(await stateOf(noticeId)).toBe('SIGNED');
    expect(refused).toMatchObject({ state: 'REJECTED', reason: '整改不到位', retryFrom: '2026-09-01' });
    expect(await world.weights(code)).toContain('ENFORCEMENT-GENERAL 80');
  });

  it('may not be applied for again before the day that was named, which is said', async () => {
    await expect(apply(code, '22')).rejects.toMatchObject({
      ...{ code: 'CONFLICT', message: expect.stringContaining('2026-09-01'), details: { from: '2026-09-01' } },
    });
    world.now('2026-09-01T00:00');
    expect(await apply(code, '22')).toMatchObject({ state: 'APPLIED' });
  });
});

describe('an application', () => {
  const code = codeOf(23);

  it('is taken in once, however many send it at once', async () => {
    await world.hear(registered(code), decision(code, '23'));
    const sent = await Promise.allSettled([1, 2, 3].map(() => apply(code, '23')));
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await repairs.store.of([code])).toHaveLength(1);
  });
});
