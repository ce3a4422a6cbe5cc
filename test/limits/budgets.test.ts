/** What callers may ask of the hub and of the departments, and how they share. */
import { setImmediate as soon } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { z } from 'zod';
import { Admission } from '../../gateway/limits/admission.ts';
import { addressGroup } from '../../gateway/limits/address-group.ts';
import { Budgets, type Asker } from '../../gateway/limits/budgets.ts';
import { LIMIT_VARIABLES, limitSettings, type BudgetSettings } from '../../gateway/limits/limit-settings.ts';
import { Meter } from '../../gateway/limits/meter.ts';
import type { OperationCost } from '../../gateway/limits/operation-cost.ts';
import { PUBLIC_CALLER } from '../../schema/access/caller.ts';
import { HubError } from '../../schema/errors.ts';
import { queueServers, type QueueServer } from '../queue/servers.ts';

const LIMITS = limitSettings(z.object(LIMIT_VARIABLES).parse({})).operation;

const NO_LIMITS: BudgetSettings = {
  callerOperations: 0,
  callerCalls: 0,
  publicOperations: 0,
  publicCalls: 0,
  departmentCalls: { standard: 0, byDepartment: {} },
};

const START = Date.parse('2026-11-26T00:00:00Z');

/** Budgets on a clock that stands still until it is moved. */
function budgetsOf(settings: Partial<BudgetSettings>, redisUrl: string | null = null) {
  let now = START;
  const meter = new Meter(redisUrl, () => now);
  return {
    budgets: new Budgets({ ...NO_LIMITS, ...settings }, meter),
    meter,
    wait: (seconds: number): void => {
      now += seconds * 1_000;
    },
  };
}

const caller = (subject: string): Asker => ({
  caller: { ...PUBLIC_CALLER, subject, credentialId: subject },
  address: '10.0.0.1',
});
const publicAt = (address: string): Asker => ({ caller: PUBLIC_CALLER, address });

function cost(departments: Readonly<Record<string, number>>): OperationCost {
  const each = Object.entries(departments).map(([id, calls]) => ({ id, calls }));
  return { calls: each.reduce((sum, { calls }) => sum + calls, 0), rows: 0, departments: each };
}
const FREE = cost({});

async function refusalOf(charging: Promise<unknown>): Promise<HubError['details'] | null> {
  try {
    await charging;
    return null;
  } catch (error) {
    if (error instanceof HubError && error.code === 'RATE_LIMITED') return error.details;
    throw error;
  }
}

/** How many such operations go through, one after the other. */
async function countOf(budgets: Budgets, asker: Asker, each: OperationCost, tries = 1_000): Promise<number> {
  for (let count = 0; count < tries; count += 1)
    if ((await refusalOf(budgets.charge(asker, each))) !== null) return count;
  return tries;
}

describe('The budget of a caller', () => {
  it('is so many operations a minute, and says when there is more', async () => {
    const { budgets, wait } = budgetsOf({ callerOperations: 3 });
    wait(20);
    expect(await countOf(budgets, caller('a'), FREE)).toBe(3);
    expect(await refusalOf(budgets.charge(caller('a'), FREE))).toEqual({ budget: 'operations', retryAfterSeconds: 40 });
    expect(await countOf(budgets, caller('b'), FREE, 1)).toBe(1);
    wait(40);
    expect(await countOf(budgets, caller('a'), FREE)).toBe(3);
  });

  it('is so many calls of departments, whichever departments they are', async () => {
    const { budgets } = budgetsOf({ callerCalls: 10 });
    expect(await countOf(budgets, caller('a'), cost({ ecology: 2, transport: 1 }))).toBe(3);
    expect(await countOf(budgets, caller('a'), cost({ ecology: 1 }))).toBe(1);
    expect(await countOf(budgets, caller('a'), FREE, 5)).toBe(5);
  });

  it('of the public is each address’s own, and that of a whole network in IPv6', async () => {
    const { budgets } = budgetsOf({ publicOperations: 2, callerOperations: 100 });
    expect(await countOf(budgets, publicAt('203.0.113.7'), FREE)).toBe(2);
    expect(await countOf(budgets, publicAt('203.0.113.8'), FREE)).toBe(2);
    expect(await countOf(budgets, publicAt('2001:db8:1:2::1'), FREE)).toBe(2);
    expect(await countOf(budgets, publicAt('2001:db8:1:2:ffff::9'), FREE)).toBe(0);
  });

  it('is told in the words of the RateLimit header fields', async () => {
    const { budgets, wait } = budgetsOf({ callerOperations: 100, callerCalls: 1_000 });
    wait(15);
    await budgets.charge(caller('a'), cost({ ecology: 4 }));
    const { headers } = await budgets.charge(caller('a'), cost({ ecology: 6 }));
    expect(headers).toEqual({
      'ratelimit-policy': '"operations";q=100;w=60, "calls";q=1000;w=60',
      ratelimit: '"operations";r=98;t=45, "calls";r=990;t=45',
    });
  });

  it('gets back what was not needed', async () => {
    const { budgets } = budgetsOf({ callerCalls: 10, departmentCalls: { standard: 20, byDepartment: {} } });
    const charge = await budgets.charge(caller('a'), cost({ ecology: 6, transport: 4 }));
    expect(await refusalOf(budgets.charge(caller('a'), cost({ ecology: 1 })))).toMatchObject({ budget: 'calls' });
    charge.settle(new Map([['ecology', 2]]));
    expect(await countOf(budgets, caller('a'), cost({ ecology: 1 }))).toBe(8);
  });

  it('without limits is without end, and says nothing', async () => {
    const { budgets } = budgetsOf({});
    expect((await budgets.charge(caller('a'), cost({ ecology: 1_000_000 }))).headers).toEqual({});
  });
});

describe('The calls of a department', () => {
  const settings = { departmentCalls: { standard: 100, byDepartment: { ecology: 20 } } };

  it('are no more for one caller than half of what the others leave', async () => {
    const { budgets } = budgetsOf(settings);
    expect(await countOf(budgets, caller('greedy'), cost({ transport: 1 }))).toBe(50);
    expect(await countOf(budgets, caller('second'), cost({ transport: 1 }))).toBe(25);
    expect(await refusalOf(budgets.charge(caller('greedy'), cost({ transport: 1 })))).toEqual({
      budget: 'department transport',
      retryAfterSeconds: 60,
    });
  });

  it('are counted for each department by itself, with a number of its own where one is set', async () => {
    const { budgets } = budgetsOf(settings);
    expect(await countOf(budgets, caller('a'), cost({ ecology: 1 }))).toBe(10);
    expect(await countOf(budgets, caller('a'), cost({ transport: 1 }))).toBe(50);
  });

  it('take nothing from one department when another one refuses', async () => {
    const { budgets } = budgetsOf(settings);
    await countOf(budgets, caller('a'), cost({ ecology: 1 }));
    await countOf(budgets, caller('a'), cost({ ecology: 1, transport: 5 }), 20);
    expect(await countOf(budgets, caller('a'), cost({ transport: 1 }))).toBe(50);
  });

  it('are one share for all the public, from however many addresses it asks', async () => {
    const { budgets } = budgetsOf(settings);
    let served = 0;
    for (let host = 1; host <= 60; host += 1)
      served += await countOf(budgets, publicAt(`203.0.113.${host}`), cost({ transport: 1 }), 5);
    expect(served).toBe(50);
    expect(await countOf(budgets, caller('department'), cost({ transport: 1 }), 20)).toBe(20);
  });

  it('are never used up: whoever has not asked yet is served, whatever others have done', async () => {
    const asks = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 30 })), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(asks, async (each) => {
        const { budgets } = budgetsOf({ departmentCalls: { standard: 1_000, byDepartment: {} } });
        for (const [who, calls] of each) await refusalOf(budgets.charge(caller(`c${who}`), cost({ transport: calls })));
        expect(await refusalOf(budgets.charge(caller('newcomer'), cost({ transport: 1 })))).toBeNull();
      }),
      { numRuns: 30 },
    );
  });
});

describe('An event of a subscription', () => {
  const NEEDS = cost({ ecology: 1 });

  function admissionOn(budgets: Budgets): Admission {
    return new Admission({
      schema: buildSchema('type Query { a: Int }'),
      limits: LIMITS,
      departments: [],
      budgets,
      rules: { documents: null, registeredOnly: false, ownDocuments: [] },
    });
  }

  it('waits until its caller has calls again: it is late, and not lost', async () => {
    const { budgets, wait } = budgetsOf({ callerCalls: 1 });
    const admission = admissionOn(budgets);
    await admission.charge(caller('a'), NEEDS);
    wait(59.5);
    let isServed = false;
    const event = admission.chargeEvent(caller('a'), NEEDS, new AbortController().signal).then(() => (isServed = true));
    await soon();
    expect(isServed).toBe(false);
    wait(1);
    await event;
    expect(isServed).toBe(true);
  });

  it('waits no longer than its subscription', async () => {
    const { budgets } = budgetsOf({ callerCalls: 1 });
    const admission = admissionOn(budgets);
    await admission.charge(caller('a'), NEEDS);
    const ending = new AbortController();
    const event = admission.chargeEvent(caller('a'), NEEDS, ending.signal);
    ending.abort();
    expect((await event).headers).toEqual({});
  });

  it('that needs no department does not wait, and counts as no operation', async () => {
    const { budgets } = budgetsOf({ callerOperations: 1 });
    const admission = admissionOn(budgets);
    for (let count = 0; count < 5; count += 1)
      await admission.chargeEvent(caller('a'), FREE, new AbortController().signal);
    expect(await refusalOf(admission.charge(caller('a'), FREE))).toBeNull();
  });
});

describe('The address of the public', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['', 'unknown'],
    ['not an address', 'unknown'],
  ])('%s counts as %s', (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});

describe.each(queueServers())('Budgets of two gateways beside %s', (_name, start) => {
  let server: QueueServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.close());

  it('are one on Redis, and each gateway’s own without it', async () => {
    const redisUrl = server.address.kind === 'redis' ? server.address.url : null;
    const gateways = [1, 2].map(() => budgetsOf({ callerOperations: 10 }, redisUrl));
    while (redisUrl !== null && !gateways.every(({ meter }) => meter.isShared)) await soon();
    const [one = 0, other = 0] = await Promise.all(
      gateways.map(({ budgets }) => countOf(budgets, caller('a'), FREE, 8)),
    );
    for (const { meter } of gateways) meter.close();
    expect(one + other).toBe(redisUrl === null ? 16 : 10);
  });
});

describe('Budgets on a Redis that is away', () => {
  it('are each gateway’s own meanwhile', async () => {
    const { budgets, meter } = budgetsOf({ callerOperations: 3 }, 'redis://127.0.0.1:1');
    expect(await countOf(budgets, caller('a'), FREE)).toBe(3);
    meter.close();
  });
});
