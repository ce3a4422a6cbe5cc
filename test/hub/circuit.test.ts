/** A department that keeps failing is left alone for a while, and asked again when it may have recovered. */
import { expect, it } from '@jest/globals';
import type { CircuitState, SourceState } from '../../schema/ports.ts';
import { codeOf, dataOf, present, useHub, type CoverageSeen } from './support.ts';

const FAILURES_TO_OPEN = 3;
const hub = useHub({ worldSize: 0, guard: { failuresToOpen: FAILURES_TO_OPEN, halfOpenAfterMs: 1_000 } });

interface Health {
  readonly state: SourceState;
  readonly circuit: CircuitState;
  readonly lastErrorCode: string | null;
}

async function healthOf(id: string): Promise<Health> {
  type Departments = { departments: readonly { id: string; health: Health }[] };
  const answer = await hub().query<Departments>('{ departments { id health { state circuit lastErrorCode } } }');
  return present(dataOf(answer).departments.find((department) => department.id === id)).health;
}

/** What the answer is worth at ecology. */
async function askForInspections(): Promise<CoverageSeen> {
  type Seen = { institution: { coverage: readonly CoverageSeen[] } };
  const answer = await hub().query<Seen>(
    `query ($code: CreditCode!) {
      institution(creditCode: $code) {
        inspections { edges { node { id } } }
        coverage { department { id } facet status reason }
      }
    }`,
    { code: codeOf('INST-A') },
  );
  const { coverage } = dataOf(answer).institution;
  return present(coverage.find(({ department, facet }) => department.id === 'ecology' && facet === 'INSPECTIONS'));
}

/** Asks until the answer is as wanted; meanwhile the circuit decides whether ecology is called. */
async function askUntil(isWanted: (answer: CoverageSeen) => boolean): Promise<void> {
  while (!isWanted(await askForInspections()));
}

/** Every state of the circuit until it closes. */
async function statesUntilClosed(): Promise<CircuitState[]> {
  const states: CircuitState[] = [];
  while (states.at(-1) !== 'CLOSED') {
    const { circuit } = await healthOf('ecology');
    if (states.at(-1) !== circuit) states.push(circuit);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return states;
}

it('a department that fails again and again is held back, tried when its time has come, and back when it answers', async () => {
  expect(await healthOf('ecology')).toMatchObject({ state: 'UP', circuit: 'CLOSED', lastErrorCode: null });

  await hub().during('ecology', { kind: 'garbage' }, async () => {
    for (let failures = 0; failures < FAILURES_TO_OPEN; failures += 1) {
      expect((await askForInspections()).reason).toMatch(/^SOURCE_MALFORMED: /);
    }
    const held = { state: 'DOWN', circuit: 'OPEN' };
    expect(await healthOf('ecology')).toEqual({ ...held, lastErrorCode: 'SOURCE_MALFORMED' });

    hub().resetCalls();
    expect(await askForInspections()).toMatchObject({
      status: 'UNAVAILABLE',
      reason: expect.stringMatching(/^SOURCE_UNAVAILABLE: .*several times in a row/),
    });
    expect(hub().calls()['ecology']).toEqual({});

    // The trial fails like the calls before it.
    await askUntil(({ reason }) => reason?.startsWith('SOURCE_MALFORMED') === true);
    expect(hub().calls()['ecology']).toEqual({ downInspTestingResultInfo: 1 });
    expect(await healthOf('ecology')).toMatchObject(held);
  });

  // It takes its time to answer, so that the trial can be watched.
  const [states] = await hub().during('ecology', { kind: 'slow', delayMs: 100 }, () =>
    Promise.all([statesUntilClosed(), askUntil(({ status }) => status === 'LIVE')]),
  );
  expect(states).toEqual(['OPEN', 'HALF_OPEN', 'CLOSED']);
  expect(await healthOf('ecology')).toMatchObject({ state: 'UP', circuit: 'CLOSED' });
});

it('the others are not held back with it', async () => {
  const health = await Promise.all(['market-regulation', 'transport', 'public-security'].map(healthOf));
  expect(health.map(({ circuit }) => circuit)).toEqual(['CLOSED', 'CLOSED', 'CLOSED']);
});
