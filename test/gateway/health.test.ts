/** Live and ready, for those who route traffic to the hub. */
import { describe, expect, it } from '@jest/globals';
import { rememberReadiness, type ReadinessInputs } from '../../gateway/health.ts';
import { HubError } from '../../schema/errors.ts';
import type { DepartmentSource } from '../../schema/ports.ts';
import { createRegistry } from '../../sources/kit/registry.ts';
import { startTestServer } from './support/test-server.ts';

interface FakeDepartment {
  readonly id: string;
  readonly ping: DepartmentSource['ping'];
  readonly state?: ReturnType<DepartmentSource['health']>['state'];
}

const answers = () => Promise.resolve();
const isSilent: DepartmentSource['ping'] = ({ signal }) =>
  new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(new HubError('SOURCE_TIMEOUT', 'It did not answer.'))),
  );

const fakeSource = ({ id, ping, state = 'UP' }: FakeDepartment): DepartmentSource => ({
  department: {
    id,
    code: id,
    name: id.toUpperCase(),
    nameZh: id,
    protocol: 'REST',
    keyedBy: 'CREDIT_CODE',
    authoritativeFor: [],
  },
  reads: new Set(),
  facets: [],
  address: 'http://nowhere.invalid',
  read: () => Promise.resolve({ status: 'UNSUPPORTED' }),
  health: () => ({ state, circuit: 'CLOSED', lastSuccessAt: null, lastErrorCode: null }),
  changeFeeds: new Set(),
  changes: () => Promise.reject(new Error('not asked')),
  acknowledge: () => Promise.resolve(),
  ping,
});

const inputs = (departments: readonly FakeDepartment[], isIdentityReady = true): ReadinessInputs => ({
  registry: createRegistry(departments.map(fakeSource)),
  identity: { ready: () => isIdentityReady },
});

async function ask(given: ReadinessInputs) {
  const server = await startTestServer({ readiness: rememberReadiness(given) });
  const live = await fetch(`${server.origin}/healthz`);
  const ready = await fetch(`${server.origin}/readyz`);
  const report = (await ready.json()) as Record<string, unknown>;
  await server.close();
  return { live: live.status, status: ready.status, report };
}

describe('Readiness', () => {
  it('is ready when every department answers', async () => {
    const { live, status, report } = await ask(
      inputs([
        { id: 'a', ping: answers },
        { id: 'b', ping: answers },
      ]),
    );
    expect([live, status]).toEqual([200, 200]);
    expect(report).toEqual({
      status: 'ready',
      departments: ['a', 'b'].map((id) => ({
        id,
        name: id.toUpperCase(),
        state: 'UP',
        circuit: 'CLOSED',
        latencyMs: expect.any(Number),
        reason: null,
      })),
      mesh: { state: 'UP' },
      identityDirectory: { state: 'UP' },
    });
  });

  it('is degraded, and serves, when one department is silent', async () => {
    const startedAt = performance.now();
    const { status, report } = await ask(
      inputs([
        { id: 'a', ping: answers },
        { id: 'b', ping: isSilent },
      ]),
    );
    expect(status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(report).toMatchObject({
      status: 'degraded',
      departments: [
        { id: 'a', state: 'UP' },
        { id: 'b', state: 'DOWN', reason: 'It did not answer.' },
      ],
    });
  });

  it('is degraded while the identity directory is being read or a department is not well', async () => {
    expect((await ask(inputs([{ id: 'a', ping: answers }], false))).report).toMatchObject({
      status: 'degraded',
      identityDirectory: { state: 'DEGRADED' },
    });
    expect((await ask(inputs([{ id: 'a', ping: answers, state: 'DEGRADED' }]))).report).toMatchObject({
      status: 'degraded',
      departments: [{ state: 'DEGRADED' }],
    });
  });

  it('is unavailable when nobody answers, and hides what was unexpected', async () => {
    const breaks = () => Promise.reject(new Error('password=hunter2'));
    const { live, status, report } = await ask(inputs([{ id: 'a', ping: breaks }]));
    expect([live, status]).toEqual([200, 503]);
    expect(report).toMatchObject({ status: 'unavailable', departments: [{ reason: 'The ping failed unexpectedly.' }] });
  });

  it('asks the departments once for all who ask at the same time', async () => {
    let pings = 0;
    const readiness = rememberReadiness(inputs([{ id: 'a', ping: () => Promise.resolve(void (pings += 1)) }]));
    await Promise.all([readiness(), readiness(), readiness()]);
    expect(pings).toBe(1);
  });
});
