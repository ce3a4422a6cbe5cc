import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse, validate, type GraphQLSchema } from 'graphql';
import { PlanExecutor } from '../../gateway/jit-gateway.ts';
import { PUBLIC_CALLER, type Caller, type Role } from '../../schema/access/caller.ts';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { createHubContext } from '../../schema/context.ts';
import { AllowListText } from '../../schema/delivery/address/allow-list.ts';
import { AddressGuard } from '../../schema/delivery/address/address-guard.ts';
import { EndpointService } from '../../schema/delivery/endpoint-service.ts';
import { EndpointStore } from '../../schema/delivery/endpoint-store.ts';
import { SecretBox } from '../../schema/delivery/secret-box.ts';
import { fakeDepartment, operation, servicesOf } from '../schema/support/fake-departments.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

const services = servicesOf([fakeDepartment('ecology'), fakeDepartment('transport')]);
const caller = (role: Role, departmentId: string | null): Caller => ({
  subject: `${departmentId ?? 'hub'}-${role.toLowerCase()}`,
  departmentId,
  roles: ['PUBLIC', role],
  regions: ['52'],
  credentialId: 'k1',
});
const ECOLOGY = caller('RECIPIENT', 'ecology');
const TRANSPORT = caller('RECIPIENT', 'transport');
const OPERATOR = caller('OPERATOR', null);

let documents: StoreUnderTest;
let store: EndpointStore;
let schema: GraphQLSchema;
let plans: PlanExecutor;
let now = new Date('2026-03-02T02:00:00Z');
beforeAll(async () => {
  documents = await openStore();
  store = new EndpointStore(documents.connection);
  await store.open();
  schema = await buildHubSchema();
  plans = new PlanExecutor(schema);
});
beforeEach(() => documents.connection.collection('endpoints').deleteMany({}));
afterAll(() => documents.close());

/** Departments of which the hub was told that they can be reached again. */
const callable: string[] = [];
const box = new SecretBox(randomBytes(32));
const endpointsWith = (secrets: SecretBox | null): EndpointService =>
  new EndpointService({
    store,
    secrets,
    guard: new AddressGuard({
      allow: AllowListText.parse('127.0.0.1:9100'),
      resolve: (host) =>
        host === 'hooks.ecology.example'
          ? Promise.resolve([{ address: '93.184.215.14', family: 4 }])
          : Promise.reject(new Error('ENOTFOUND')),
    }),
    departments: services.registry,
    clock: { now: () => now },
    onCallable: (departmentId) => callable.push(departmentId),
  });

/** Runs an operation as the gateway does. */
async function run(who: Caller, text: string, variables: Record<string, unknown> = {}, service = endpointsWith(box)) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const context = createHubContext({ ...services, endpoints: service }, operation().scope, who);
  const { data, errors = [] } = await plans.execute({
    document,
    operationName: null,
    variables,
    context,
    queryHash: text,
  });
  const codes = errors.map(({ originalError, extensions }) =>
    originalError !== undefined && 'code' in originalError ? originalError.code : (extensions['code'] ?? 'INTERNAL'),
  );
  return { data: data as Record<string, never> | null, codes, messages: errors.map(({ message }) => message) };
}

const REGISTER = `mutation ($input: EndpointInput!) {
  registerEndpoint(input: $input) {
    id department { id } url description state failingSince disabledAt disabledReason ratePerSecond concurrency secret
    createdBy createdAt
  }
}`;
const LIST = '{ endpoints { id department { id } url state secret } }';
const URL_OF_ECOLOGY = 'https://hooks.ecology.example/notices';
const input = (over: object = {}) => ({ input: { department: 'ecology', url: URL_OF_ECOLOGY, ...over } });

interface Shown {
  readonly id: string;
  readonly secret: string | null;
}
const register = async (who: Caller, over: object = {}): Promise<Shown> => {
  const { data } = await run(who, REGISTER, input(over));
  return (data as { registerEndpoint: Shown } | null)?.registerEndpoint ?? { id: '', secret: null };
};

describe('registerEndpoint', () => {
  it('gives the endpoint with its secret, which no other answer shows and the store does not hold in clear', async () => {
    const { data, codes } = await run(ECOLOGY, REGISTER, input({ description: 'notices' }));
    expect(codes).toEqual([]);
    expect(data).toEqual({
      registerEndpoint: {
        id: expect.stringMatching(/^[\da-f-]{36}$/),
        department: { id: 'ecology' },
        url: URL_OF_ECOLOGY,
        description: 'notices',
        state: 'ENABLED',
        failingSince: null,
        disabledAt: null,
        disabledReason: null,
        ratePerSecond: 10,
        concurrency: 4,
        secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
        createdBy: 'ecology-recipient',
        createdAt: '2026-03-02T10:00:00+08:00',
      },
    });
    const { id, secret } = (data as unknown as { registerEndpoint: Shown }).registerEndpoint;
    const kept = await store.get(id);
    expect(box.open(kept.secrets[0]?.sealed ?? '', id)).toBe(secret);
    expect(JSON.stringify(kept)).not.toContain(secret?.slice('whsec_'.length));
    expect((await run(ECOLOGY, LIST)).data).toMatchObject({ endpoints: [{ id, secret: null }] });
  });

  it('again replaces address and limits, keeps id and secrets, and enables it', async () => {
    const { id } = await register(ECOLOGY, { description: 'first' });
    const { secrets } = await store.get(id);
    await run(OPERATOR, `mutation { disableEndpoint(endpointId: "${id}", reason: "too slow") { id } }`);
    const again = await run(OPERATOR, REGISTER, input({ url: 'http://127.0.0.1:9100/in', concurrency: 1 }));
    expect(again.data).toMatchObject({
      registerEndpoint: {
        id,
        url: 'http://127.0.0.1:9100/in',
        description: null,
        ratePerSecond: 10,
        concurrency: 1,
        state: 'ENABLED',
        disabledReason: null,
        secret: null,
        createdBy: 'ecology-recipient',
      },
    });
    expect((await store.get(id)).secrets).toEqual(secrets);
  });

  it('by two at once makes one endpoint, with one secret', async () => {
    const shown = await Promise.all(Array.from({ length: 6 }, () => register(ECOLOGY)));
    expect(new Set(shown.map(({ id }) => id)).size).toBe(1);
    expect(shown.filter(({ secret }) => secret !== null)).toHaveLength(1);
  });

  it.each([
    ['INPUT_INVALID', { url: 'nonsense' }],
    ['INPUT_INVALID', { url: 'https://me:secret@hooks.ecology.example/' }],
    ['INPUT_INVALID', { url: 'https://unknown.ecology.example/' }],
    ['INPUT_INVALID', { ratePerSecond: 0 }],
    ['INPUT_INVALID', { ratePerSecond: 101 }],
    ['INPUT_INVALID', { concurrency: 33 }],
    ['INPUT_INVALID', { description: 'x'.repeat(201) }],
    ['INPUT_INVALID', { department: 'forestry' }],
    ['ADDRESS_NOT_ALLOWED', { url: 'http://hooks.ecology.example/notices' }],
    ['ADDRESS_NOT_ALLOWED', { url: 'https://169.254.169.254/latest/meta-data' }],
    ['ADDRESS_NOT_ALLOWED', { url: 'http://127.0.0.1:9101/' }],
  ])('answers %s to %j, and keeps nothing', async (code, over) => {
    const { data, codes, messages } = await run(OPERATOR, REGISTER, input(over));
    expect({ data, codes }).toEqual({ data: null, codes: [code] });
    expect(messages.join()).not.toMatch(/secret@|169\.254/);
    expect(await store.all()).toEqual([]);
  });

  it('is not possible in a hub that has no key to keep secrets with', async () => {
    const { codes, messages } = await run(ECOLOGY, REGISTER, input(), endpointsWith(null));
    expect(codes).toEqual(['UNSUPPORTED']);
    expect(messages.join()).toContain('HUB_SECRETS_KEY');
  });
});

describe('rotateEndpointSecret', () => {
  it('gives a new secret, and the time until which the one before it still signs', async () => {
    const { id, secret: first } = await register(ECOLOGY);
    const rotate = `mutation { rotateEndpointSecret(endpointId: "${id}") { secret previousUntil endpoint { id secret } } }`;
    const { data } = await run(ECOLOGY, rotate);
    expect(data).toEqual({
      rotateEndpointSecret: {
        secret: expect.stringMatching(/^whsec_/),
        previousUntil: '2026-03-03T10:00:00+08:00',
        endpoint: { id, secret: null },
      },
    });
    const { secret } = (data as unknown as { rotateEndpointSecret: { secret: string } }).rotateEndpointSecret;
    const { secrets } = await store.get(id);
    expect(secrets.map(({ sealed }) => box.open(sealed, id))).toEqual([secret, first]);
  });

  it('keeps no more than four secrets, and none that has ended', async () => {
    const { id } = await register(ECOLOGY);
    const rotate = () => run(ECOLOGY, `mutation { rotateEndpointSecret(endpointId: "${id}") { secret } }`);
    for (let times = 0; times < 5; times += 1) await rotate();
    expect((await store.get(id)).secrets).toHaveLength(4);
    now = new Date(now.getTime() + 86_400_000);
    await rotate();
    expect((await store.get(id)).secrets.map(({ endsAt }) => endsAt)).toEqual([
      null,
      new Date(now.getTime() + 86_400_000),
    ]);
  });
});

describe('disableEndpoint and enableEndpoint', () => {
  it('say who and why, and undo each other', async () => {
    const { id } = await register(ECOLOGY);
    const fields = '{ state disabledAt disabledReason failingSince }';
    const disable = `mutation { disableEndpoint(endpointId: "${id}", reason: " system moves ") ${fields} }`;
    const off = {
      state: 'DISABLED',
      disabledAt: expect.any(String),
      disabledReason: 'ecology-recipient: system moves',
      failingSince: null,
    };
    expect((await run(ECOLOGY, disable)).data).toEqual({ disableEndpoint: off });
    // A second time changes nothing.
    expect((await run(OPERATOR, disable)).data).toEqual({ disableEndpoint: off });
    await store.change(id, (endpoint) => ({ ...endpoint, failingSince: now }));
    expect((await run(OPERATOR, `mutation { enableEndpoint(endpointId: "${id}") ${fields} }`)).data).toEqual({
      enableEndpoint: { state: 'ENABLED', disabledAt: null, disabledReason: null, failingSince: null },
    });
  });

  it('let what waits for the department go when it can be reached again, and only then', async () => {
    callable.length = 0;
    const { id } = await register(ECOLOGY);
    expect(callable).toEqual(['ecology']);
    const enable = `mutation { enableEndpoint(endpointId: "${id}") { id } }`;
    await run(ECOLOGY, enable);
    await run(ECOLOGY, `mutation { disableEndpoint(endpointId: "${id}", reason: "x") { id } }`);
    expect(callable).toEqual(['ecology']);
    await run(TRANSPORT, enable);
    expect(callable).toEqual(['ecology']);
    await run(ECOLOGY, enable);
    await register(ECOLOGY);
    expect(callable).toEqual(['ecology', 'ecology', 'ecology']);
  });

  it.each(['', '  ', 'x'.repeat(201)])('want a reason of some length: "%.3s"', async (reason) => {
    const { id } = await register(ECOLOGY);
    const disable =
      'mutation ($id: ID!, $reason: String!) { disableEndpoint(endpointId: $id, reason: $reason) { id } }';
    expect((await run(ECOLOGY, disable, { id, reason })).codes).toEqual(['INPUT_INVALID']);
  });
});

describe('who may', () => {
  const STRANGERS: readonly (readonly [string, Caller, string])[] = [
    ['the public', PUBLIC_CALLER, 'UNAUTHENTICATED'],
    ['another department', TRANSPORT, 'FORBIDDEN'],
    ['the department in another role', caller('DETERMINER', 'ecology'), 'FORBIDDEN'],
    ['an auditor', caller('AUDITOR', null), 'FORBIDDEN'],
    ['a supervisor', caller('SUPERVISOR', null), 'FORBIDDEN'],
  ];

  it.each(STRANGERS)('not register, rotate, disable or enable: %s', async (_who, stranger, code) => {
    const { id } = await register(ECOLOGY);
    const before = await store.get(id);
    for (const text of [
      `mutation { registerEndpoint(input: { department: "ecology", url: "${URL_OF_ECOLOGY}" }) { id } }`,
      `mutation { rotateEndpointSecret(endpointId: "${id}") { secret } }`,
      `mutation { disableEndpoint(endpointId: "${id}", reason: "mine") { id } }`,
      `mutation { enableEndpoint(endpointId: "${id}") { id } }`,
    ])
      expect(await run(stranger, text)).toMatchObject({ data: null, codes: [code] });
    expect(await store.get(id)).toEqual(before);
  });

  it('each department sees its own endpoint, an operator all of them, others none', async () => {
    await register(ECOLOGY);
    await register(TRANSPORT, { department: 'transport' });
    const departmentsSeenBy = async (who: Caller) =>
      ((await run(who, LIST)).data as { endpoints: { department: { id: string } }[] } | null)?.endpoints.map(
        ({ department }) => department.id,
      );
    expect(await departmentsSeenBy(ECOLOGY)).toEqual(['ecology']);
    expect(await departmentsSeenBy(TRANSPORT)).toEqual(['transport']);
    expect(await departmentsSeenBy(OPERATOR)).toEqual(['ecology', 'transport']);
    expect((await run(PUBLIC_CALLER, LIST)).codes).toEqual(['UNAUTHENTICATED']);
    expect((await run(caller('AUDITOR', null), LIST)).codes).toEqual(['FORBIDDEN']);
  });

  it('the public does not learn which ids there are', async () => {
    const rotate = 'mutation { rotateEndpointSecret(endpointId: "none") { secret } }';
    expect((await run(PUBLIC_CALLER, rotate)).codes).toEqual(['UNAUTHENTICATED']);
    expect((await run(OPERATOR, rotate)).codes).toEqual(['INPUT_INVALID']);
  });
});
