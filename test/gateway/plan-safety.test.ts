/** A caller's text must never run as a program, nor cost more than it is long. */
import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { PlanExecutor } from '../../gateway/jit-gateway.ts';
import { both, plannerOf, served } from './support/both-executors.ts';

describe('A plan is safe against what callers write', () => {
  it('treats a text that the compiler would run as the text that it is', async () => {
    const marker = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';
    const attack = `${marker}0),x:(globalThis.hubWasBroken=1`;
    for (const query of [
      `{ required(text: "${attack}") }`,
      `{ echoRange(range: { to: 1, tags: ["${attack}"] }) }`,
      `query Q($name: String = "${attack}") { hello(name: $name) }`,
    ]) {
      const { planned, interpreted, isPlanned } = await both({ query });
      expect(planned).toEqual(interpreted);
      expect(isPlanned).toBe(true);
    }
    expect(globalThis).not.toHaveProperty('hubWasBroken');
  });

  it('does not write out fragments that multiply', async () => {
    const levels = 30;
    const fragments = Array.from(
      { length: levels },
      (_, n) => `fragment F${n} on Person { a: friends { ...F${n + 1} } b: friends { ...F${n + 1} } }`,
    );
    const query = `{ person(name: "nobody") { ...F0 } } ${fragments.join(' ')} fragment F${levels} on Person { name }`;
    const document = parse(query);
    const planner = plannerOf(served);
    const operation = { document, operationName: null, variables: {}, context: {}, queryHash: query };
    expect(await planner.execute(operation)).toEqual({ data: { person: null } });
    expect(planner.isPlanned(operation)).toBe(false);
  });

  it('forgets the operations that were not used for the longest time', async () => {
    const planner = new PlanExecutor(served);
    for (let n = 0; n < 520; n += 1) {
      const query = `{ a${n}: hello }`;
      await planner.execute({
        document: parse(query),
        operationName: null,
        variables: {},
        context: {},
        queryHash: query,
      });
    }
    const isPlanned = (n: number): boolean => planner.isPlanned({ queryHash: `{ a${n}: hello }`, operationName: null });
    expect([isPlanned(0), isPlanned(519)]).toEqual([false, true]);
  });
});
