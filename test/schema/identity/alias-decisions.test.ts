/** Decisions in MongoDB: several people and processes at once, restarts, and what depends on a decision. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import type { CreditCode } from '../../../schema/codes/credit-code.ts';
import { HubError } from '../../../schema/errors.ts';
import type { AliasAct } from '../../../schema/identity/alias-decision.ts';
import { AliasDecisions } from '../../../schema/identity/alias-decisions.ts';
import { openStore, type StoreUnderTest } from '../../support/store.ts';
import { A, at, B, codeOf } from '../support/records.ts';
import { confirm, reject, undo } from './support.ts';

let store: StoreUnderTest;
let numbers = 0;
const newNumber = (): string => String(numbers++);
const opened: AliasDecisions[] = [];
const connections: Connection[] = [];

/** Another process: its own connection, its own copy. */
async function anotherProcess(): Promise<AliasDecisions> {
  const { name } = store.connection;
  const connection = await mongoose.createConnection(store.uri, { dbName: name }).asPromise();
  connections.push(connection);
  const decisions = new AliasDecisions(connection);
  await decisions.open();
  opened.push(decisions);
  return decisions;
}

beforeAll(async () => {
  store = await openStore();
});
afterEach(async () => {
  for (const decisions of opened.splice(0)) decisions.stop();
  for (const connection of connections.splice(0)) await connection.close();
});
afterAll(() => store.close());

const inForce = (decisions: AliasDecisions, localId: string, ...codes: CreditCode[]) => ({
  is: decisions.of('ecology').confirmationOf(localId)?.creditCode ?? null,
  isNot: codes.filter((code) => decisions.of('ecology').isRejected(localId, code)),
});
const record = (decisions: AliasDecisions, localId: string, act: AliasAct, concerned: readonly CreditCode[] = []) =>
  decisions.record('ecology', localId, act, concerned);

describe('a decision', () => {
  it('counts at once where it is made', async () => {
    const [decisions, localId] = [await anotherProcess(), newNumber()];
    await record(decisions, localId, confirm(A));
    expect(inForce(decisions, localId)).toEqual({ is: A, isNot: [] });
    expect(decisions.of('ecology').confirmedFor(A)).toContain(localId);
    expect(decisions.of('transport').confirmationOf(localId)).toBeNull();
    await record(decisions, localId, undo(A));
    expect(inForce(decisions, localId)).toEqual({ is: null, isNot: [] });
    expect(decisions.of('ecology').confirmedFor(A)).not.toContain(localId);
  });

  it('is heard of by every process that follows, and so is its undoing', async () => {
    const [one, other, localId] = [await anotherProcess(), await anotherProcess(), newNumber()];
    other.start();
    const heard = async (expected: CreditCode | null) => {
      const until = Date.now() + 20_000;
      while (inForce(other, localId).is !== expected && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return inForce(other, localId).is;
    };
    await record(one, localId, confirm(A));
    expect(await heard(A)).toBe(A);
    await record(one, localId, undo(A));
    expect(await heard(null)).toBeNull();
  });

  it('is heard of although the clock of who made it is an hour behind', async () => {
    const [one, other, slow] = [await anotherProcess(), await anotherProcess(), newNumber()];
    await record(one, newNumber(), confirm(A, { at: at('2026-03-05T12:00') }));
    await other.refresh();
    await one.refresh();
    await record(one, slow, confirm(B, { at: at('2026-03-05T11:00') }));
    await other.refresh();
    expect(inForce(other, slow).is).toBe(B);
  });

  it('is still there after a restart, with its history', async () => {
    const [before, localId] = [await anotherProcess(), newNumber()];
    await record(before, localId, reject(A));
    await record(before, localId, confirm(B, { by: 'li' }));
    const afterwards = await anotherProcess();
    expect(inForce(afterwards, localId, A, B)).toEqual({ is: B, isNot: [A] });
    expect(await afterwards.find('ecology', localId)).toMatchObject({
      confirmed: { creditCode: B, by: 'li', at: at('2026-03-04') },
      history: [
        { kind: 'REJECT', creditCode: A },
        { kind: 'CONFIRM', creditCode: B, by: 'li' },
      ],
    });
    expect(await afterwards.find('ecology', newNumber())).toBeNull();
  });

  it('that only repeats what is on record writes nothing', async () => {
    const [decisions, localId] = [await anotherProcess(), newNumber()];
    await record(decisions, localId, confirm(A));
    const again = await record(await anotherProcess(), localId, confirm(A, { by: 'somebody else' }));
    expect(again.untold).toBeNull();
    expect(again.decision).toMatchObject({ confirmed: { by: 'operator' }, history: [{ kind: 'CONFIRM' }] });
  });
});

describe('people who decide at the same time', () => {
  it('on one number for two institutions: one is heard and the other is told', async () => {
    const [one, other] = [await anotherProcess(), await anotherProcess()];
    for (let round = 0; round < 10; round++) {
      const localId = newNumber();
      const outcomes = await Promise.allSettled([record(one, localId, confirm(A)), record(other, localId, confirm(B))]);
      const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
      expect(refused).toEqual([expect.objectContaining({ code: 'CONFLICT' })]);
      const winner = outcomes[0].status === 'fulfilled' ? A : B;
      expect(refused[0]).toEqual(expect.objectContaining({ message: expect.stringContaining(winner) }));
      await Promise.all([one.refresh(), other.refresh()]);
      expect([inForce(one, localId).is, inForce(other, localId).is]).toEqual([winner, winner]);
      expect((await one.find('ecology', localId))?.history).toHaveLength(1);
    }
  });

  it('the same: all are content and it is on record once', async () => {
    const [processes, localId] = [await Promise.all([1, 2, 3].map(() => anotherProcess())), newNumber()];
    const said = await Promise.all([...processes, ...processes].map((each) => record(each, localId, confirm(A))));
    expect(said.filter(({ untold }) => untold !== null)).toHaveLength(1);
    expect((await processes[0]?.find('ecology', localId))?.history).toHaveLength(1);
  });

  it('what does not contradict: all of it stands', async () => {
    const [one, other, localId] = [await anotherProcess(), await anotherProcess(), newNumber()];
    const codes = [1, 2, 3, 4, 5, 6].map(codeOf);
    await Promise.all(codes.map((code, index) => record(index % 2 === 0 ? one : other, localId, reject(code))));
    const decision = await one.find('ecology', localId);
    expect(decision?.rejected.map(({ creditCode }) => creditCode).sort()).toEqual([...codes].sort());
    expect(decision?.history).toHaveLength(codes.length);
  });

  it('a confirmation and a rejection of one pair: one of them stands', async () => {
    const [one, other] = [await anotherProcess(), await anotherProcess()];
    for (let round = 0; round < 5; round++) {
      const localId = newNumber();
      const outcomes = await Promise.allSettled([record(one, localId, confirm(A)), record(other, localId, reject(A))]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await one.refresh();
      const { is, isNot } = inForce(one, localId, A);
      expect([is === A, isNot.includes(A)].sort()).toEqual([false, true]);
    }
  });
});

describe('those whom a decision concerns', () => {
  const untoldOf = async (decisions: AliasDecisions, localId: string) =>
    (await decisions.untold()).find((each) => each.localId === localId);

  it('are on record with it until they have been told', async () => {
    const [decisions, localId] = [await anotherProcess(), newNumber()];
    await record(decisions, localId, confirm(A), [A, B]);
    const untold = await untoldOf(await anotherProcess(), localId);
    expect(untold?.untold).toEqual([A, B]);
    if (untold !== undefined) await decisions.noteTold(untold);
    expect(await untoldOf(decisions, localId)).toBeUndefined();
  });

  it('are not taken for told when something was decided meanwhile', async () => {
    const [decisions, localId] = [await anotherProcess(), newNumber()];
    const { untold } = await record(decisions, localId, confirm(A));
    await record(decisions, localId, reject(B), [codeOf(3)]);
    if (untold === null) throw new HubError('INTERNAL', 'nothing was decided');
    await decisions.noteTold(untold);
    expect((await untoldOf(decisions, localId))?.untold).toEqual([A, codeOf(3), B]);
  });
});
