/** A notice that rests on an entry of a list ends with the entry, on the day, by the hub's own clock. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecognitionStore } from '../../schema/recognition/recognition-store.ts';
import { recognised } from '../recognition/cases.ts';
import { at, codeOf, day } from '../schema/support/records.ts';
import { listed, registered } from '../search/held-records.ts';
import { openLightWorld, type LightWorld } from './light-world.ts';

let world: LightWorld;
beforeAll(async () => {
  world = await openLightWorld('2026-02-10T12:00');
});
afterAll(() => world.close());

const SERIOUS = { listType: 'SERIOUS_MR' } as const;
const ENTRY = { ...SERIOUS, listedOn: day('2026-02-03') };
const DECISION = { ...SERIOUS, decidedOn: day('2026-02-02') };

const stateOf = async (id: string): Promise<string> => (await world.notices.store.get(id)).state;

/** Later tests are of later days. */
describe('a notice about the serious list', () => {
  it('stands while no entry is on record yet, and one about a penalty has nothing to do with lists', async () => {
    const code = codeOf(11);
    const old = { listedOn: day('2025-02-03'), removedOn: day('2026-02-01') };
    await world.hear(registered(code), listed(code, '11', old));
    const early = await world.issue('market-regulation', code, DECISION);
    const penal = await world.issue('market-regulation', code, { decidedOn: day('2025-01-02') });
    await world.settle();
    expect([await stateOf(early._id), await stateOf(penal._id)]).toEqual(['SIGNED', 'SIGNED']);
    expect(await world.told(code)).toEqual([]);
  });

  it('of a new listing stands, whatever has ended before', async () => {
    const code = codeOf(12);
    const first = { ...SERIOUS, listedOn: day('2023-01-05'), removedOn: day('2024-03-01') };
    await world.hear(registered(code), listed(code, '12', first), listed(code, '13', ENTRY));
    const again = await world.issue('market-regulation', code, DECISION);
    const old = await world.issue('market-regulation', code, { ...SERIOUS, decidedOn: day('2023-01-04') });
    await world.settle();
    expect([await stateOf(old._id), await stateOf(again._id)]).toEqual(['LIFTED', 'SIGNED']);
  });

  it('stands while another department still lists it of that day', async () => {
    const code = codeOf(14);
    const removed = listed(code, '14', { ...ENTRY, removedOn: day('2026-02-09') });
    await world.hear(registered(code), removed, { ...listed(code, '15', ENTRY), departmentId: 'ecology' });
    const { _id } = await world.issue('market-regulation', code, DECISION);
    await world.settle();
    expect(await stateOf(_id)).toBe('SIGNED');
  });

  it('is lifted when the department removes the entry before its time', async () => {
    const code = codeOf(16);
    await world.hear(registered(code), listed(code, '16', ENTRY));
    const { _id } = await world.issue('market-regulation', code, DECISION);
    await world.settle();
    expect(await stateOf(_id)).toBe('SIGNED');
    world.now('2027-03-01T12:00');
    await world.hear(listed(code, '16', { ...ENTRY, removedOn: day('2027-03-01') }));
    await world.settle();
    expect(await stateOf(_id)).toBe('LIFTED');
    expect(await world.told(code)).toEqual(['LIST_ENTRY_ENDED']);
  });

  it('stands to the last day of three years, and is lifted with the next by nobody’s act', async () => {
    const code = codeOf(17);
    await world.hear(registered(code), listed(code, '17', ENTRY));
    const { _id } = await world.issue('market-regulation', code, DECISION);
    world.now('2029-02-02T23:59');
    await world.settle();
    expect(await stateOf(_id)).toBe('SIGNED');
    expect(await world.weights(code)).toEqual(['ENFORCEMENT-LISTED 600', 'HISTORY-NOTICES 150']);
    world.now('2029-02-03T00:00');
    await world.settle();
    expect(await stateOf(_id)).toBe('LIFTED');
    expect((await world.notices.store.get(_id)).ending).toMatchObject({
      ...{ kind: 'LIFTED', actor: 'hub' },
      reason: 'The entry on the list SERIOUS_MR of 2026-02-03 has ended on 2029-02-03 (TERM).',
    });
    expect(await world.weights(code)).toEqual(['ENFORCEMENT-LISTED 100', 'HISTORY-NOTICES 20']);
    await world.settle();
    expect(await world.told(code)).toEqual(['LIST_ENTRY_ENDED']);
  });
});

describe('a recognition', () => {
  it('is looked at again on the day on which the entry ends, and not before', async () => {
    const code = codeOf(18);
    world.now('2030-01-10T12:00');
    const recognitions = new RecognitionStore(world.connection);
    await recognitions.open();
    const resting = recognised('resting', ['ecology'], at('2029-12-01T12:00'));
    await recognitions.insert({
      ...{ ...resting, restsOn: code, recheckAt: null, nextClockAt: null },
      institution: { ...resting.institution, creditCode: code },
    });
    const dueAt = async () => (await recognitions.get('resting')).recheckAt;
    const heard = at('2030-01-10T12:00');
    await world.hear(registered(code), listed(code, '18', { ...SERIOUS, listedOn: day('2027-01-20') }));
    await world.settle();
    expect(await dueAt()).toEqual(heard);
    world.now('2030-01-19T23:59');
    await world.settle();
    expect(await dueAt()).toEqual(heard);
    world.now('2030-01-20T00:00');
    await world.settle();
    expect(await dueAt()).toEqual(at('2030-01-20T00:00'));
  });
});
