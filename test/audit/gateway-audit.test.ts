/** Whoever asks the running gateway is on record: before anything is done, and with how it ended. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { Auditor } from '../../gateway/audit/auditor.ts';
import { startEmbeddedStore, type EmbeddedStore } from '../../jobs/embedded/store/start-store.ts';
import type { AuditRecord } from '../../schema/audit/audit-record.ts';
import { AuditStore } from '../../schema/audit/audit-store.ts';
import { AuditTrail } from '../../schema/audit/audit-trail.ts';
import { personKeys } from '../../schema/audit/subject-key.ts';
import { verifyAuditStore } from '../../schema/audit/verify-audit.ts';
import { sm3Hex } from '../../schema/signing/sm3.ts';
import { cursorOf, openLiveWorld } from '../gateway/support/live-world.ts';
import { openGateway, openNoticeWorld, type Gateway, type NoticeWorld } from '../notice/notice-world.ts';
import { followByEventStream, followByWebSocket } from '../notice/subscribers.ts';
import { fakeDepartment } from '../schema/support/fake-departments.ts';
import { A, B, institution } from '../schema/support/records.ts';
import { recordsIn } from './support.ts';

const KEYS = personKeys(Buffer.alloc(32, 7));
const VIN = 'LDMHCV3B7P0000101';
const LOOK = `query Look($code: CreditCode!) {
  institution(creditCode: $code) { name inspections(filter: { vin: "${VIN}" }) { edges { node { id } } } }
}`;

let folder: string;
let server: EmbeddedStore;
let connection: Connection;
let trail: AuditTrail;
let world: NoticeWorld;
let gateway: Gateway;
const register = fakeDepartment('market-regulation', {
  register: true,
  answers: { institutions: ({ creditCode }) => [institution('market-regulation', { creditCode })] },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-audit-'));
  server = await startEmbeddedStore({ folder });
  connection = await mongoose
    .createConnection(server.uri, { serverSelectionTimeoutMS: 500, bufferCommands: false })
    .asPromise();
  world = await openNoticeWorld();
}, 60_000);
afterAll(async () => {
  await world.close();
  await connection.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** A gateway that has just started. */
beforeEach(async () => {
  register.calls.length = 0;
  await connection.collection('audit_records').deleteMany({});
  const store = new AuditStore(connection);
  trail = new AuditTrail({ store, onFailure: () => undefined, patienceMs: 30_000 });
  gateway = await openGateway(world.server.connection, {
    doorbell: world.doorbell,
    departments: [register],
    auditorFor: (schema) => new Auditor({ trail, schema, personKeys: KEYS }),
    audit: { store, personKeys: KEYS },
  });
});

const ask = async (body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  await fetch(`http://127.0.0.1:${gateway.port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Ends the gateway and its trail. @returns all that is on record, which verifies */
async function onRecord(): Promise<readonly AuditRecord[]> {
  await gateway.close();
  await trail.close();
  const records = await recordsIn(connection);
  expect(await verifyAuditStore(new AuditStore(connection), [])).toMatchObject({
    records: records.length,
    unclosed: 0,
  });
  return records;
}

describe('A caller with credentials', () => {
  it('is on record with why it asks, what for, and what it was shown', async () => {
    const token = await world.token(['ENFORCER'], 'public-security');
    const said = { 'hub-purpose': 'JOINT_PUNISHMENT', 'hub-case-number': encodeURIComponent('黔示例案〔2026〕7号') };
    const answer = await ask({ query: LOOK, variables: { code: A } }, { ...bearer(token), ...said });
    expect(await answer.json()).toMatchObject({ data: { institution: { name: expect.any(String) } } });
    const asked = {
      operationId: answer.headers.get('x-request-id'),
      caller: { subject: 'ENFORCER', departmentId: 'public-security', roles: ['PUBLIC', 'ENFORCER'], address: null },
      purpose: 'JOINT_PUNISHMENT',
      caseNumber: '黔示例案〔2026〕7号',
      operation: {
        ...{ kind: 'QUERY', name: 'Look', digest: sm3Hex(LOOK), fields: ['institution'] },
        subjects: [`institution:${A}`, KEYS.vehicle(VIN)],
      },
    };
    const records = await onRecord();
    expect(records).toMatchObject([
      { kind: 'OPENED', outcome: null, ...asked },
      { kind: 'CLOSED', outcome: { result: 'OK', codes: [], subjects: [`institution:${A}`], records: 1 }, ...asked },
    ]);
    expect(JSON.stringify(records)).not.toContain(VIN);
    expect(JSON.stringify(records)).not.toContain(token);
  });

  it('is on record when it is refused by the policy, by validation, or for what it changes', async () => {
    const token = await world.token(['ENFORCER']);
    const [forbidden, invalid, mutation] = [
      await ask({ query: '{ deadDeliveries { edges { node { id } } } }' }, bearer(await world.token(['OPERATOR']))),
      await ask({ query: '{ secrets }' }, bearer(token)),
      await ask({ query: 'mutation { liftNotice(noticeId: "n1", reason: "r") { id } }' }, bearer(token)),
    ];
    for (const answer of [forbidden, invalid, mutation]) expect(await answer.json()).toHaveProperty('errors');
    expect(await onRecord()).toMatchObject([
      { kind: 'OPENED', operation: { fields: ['deadDeliveries'] } },
      { kind: 'CLOSED', outcome: { result: 'REFUSED', codes: ['FORBIDDEN'] } },
      {
        ...{ kind: 'REFUSED', caller: { subject: 'ENFORCER' }, operation: { kind: 'UNKNOWN' } },
        outcome: { result: 'REFUSED', codes: ['GRAPHQL_VALIDATION_FAILED'] },
      },
      { kind: 'OPENED', operation: { kind: 'MUTATION', fields: ['liftNotice'], subjects: ['notice:n1'] } },
      { kind: 'CLOSED', outcome: { result: 'REFUSED', codes: ['FORBIDDEN'] } },
    ]);
  });

  it('is on record by name when a limit turns it away', async () => {
    const aliases = Array.from({ length: 500 }, (_, index) => `a${index}: me { subject }`).join(' ');
    const answer = await ask({ query: `{ ${aliases} }` }, bearer(await world.token(['ENFORCER'])));
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'DOCUMENT_LIMIT' } }] });
    expect(await onRecord()).toMatchObject([
      {
        ...{ kind: 'REFUSED', caller: { subject: 'ENFORCER', address: null } },
        outcome: { result: 'REFUSED', codes: ['DOCUMENT_LIMIT'] },
      },
    ]);
  });
});

describe('An auditor', () => {
  it('pages through what is on record, by whom and about whom, and is on record for it', async () => {
    const inspector = bearer(await world.token(['ENFORCER'], 'public-security'));
    for (const code of [A, B, A]) await ask({ query: LOOK, variables: { code } }, inspector);
    const auditor = bearer(await world.token(['AUDITOR']));
    const query = `query Audit($filter: AuditFilter, $after: Cursor) {
      auditEntries(filter: $filter, first: 1, after: $after) {
        edges { node { kind caller department operation fields subjects result records } } pageInfo { endCursor hasNextPage }
      }
    }`;
    interface Page {
      readonly data: { readonly auditEntries: { readonly edges: readonly unknown[]; readonly pageInfo: PageInfo } };
    }
    interface PageInfo {
      readonly endCursor: string;
      readonly hasNextPage: boolean;
    }
    const filter = { subject: A, caller: 'ENFORCER', department: 'public-security', result: ['OK'] };
    const read = async (after: string | null): Promise<Page['data']['auditEntries']> =>
      ((await (await ask({ query, variables: { filter, after } }, auditor)).json()) as Page).data.auditEntries;
    // What has ended is put on record within a moment.
    let first = await read(null);
    while (!first.pageInfo.hasNextPage) first = await read(null);
    const second = await read(first.pageInfo.endCursor);
    const look = {
      ...{ kind: 'CLOSED', caller: 'ENFORCER', department: 'public-security', operation: 'Look' },
      ...{ fields: ['institution'], subjects: [`institution:${A}`, KEYS.vehicle(VIN)], result: 'OK', records: 1 },
    };
    expect([...first.edges, ...second.edges]).toMatchObject([{ node: look }, { node: look }]);
    expect(second.pageInfo.hasNextPage).toBe(false);
    expect(await (await ask({ query, variables: {} }, inspector)).json()).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    const audits = (await onRecord()).filter(({ operation }) => operation.name === 'Audit');
    expect(audits).toContainEqual(
      expect.objectContaining({
        kind: 'OPENED',
        caller: expect.objectContaining({ subject: 'AUDITOR' }),
        operation: expect.objectContaining({ subjects: [`institution:${A}`] }),
      }),
    );
  });
});

describe('Whoever has none', () => {
  it('is on record as turned away when its credentials are wrong, over every transport', async () => {
    expect((await ask({ query: '{ me { subject } }' }, bearer('jch_wrong'))).status).toBe(401);
    const wrong = { port: gateway.port, token: 'jch_wrong', query: 'subscription { noticeEvents { kind } }' };
    const following = { ...wrong, variables: {}, heard: () => undefined, leaving: new AbortController().signal };
    await Promise.all([followByWebSocket(following), followByEventStream(following)]);
    const turnedAway = {
      ...{ kind: 'REFUSED', caller: { subject: 'unknown', credentialId: null, address: '127.0.0.1' } },
      outcome: { result: 'REFUSED', codes: ['UNAUTHENTICATED'] },
    };
    expect(await onRecord()).toMatchObject([turnedAway, turnedAway, turnedAway]);
  });

  it('is served first and put on record afterwards', async () => {
    await ask({ query: `{ institution(creditCode: "${B}") { name } }` });
    expect(await onRecord()).toMatchObject([
      {
        ...{ kind: 'SERVED', caller: { subject: 'public' }, purpose: null },
        ...{ operation: { subjects: [`institution:${B}`] }, outcome: { result: 'OK', subjects: [`institution:${B}`] } },
      },
    ]);
  });
});

describe('A subscription', () => {
  it('is on record from its beginning to its end, with how much it delivered', async () => {
    const live = await openLiveWorld();
    const sightings = await live.start({ auditor: new Auditor({ trail, schema: live.schema, personKeys: null }) });
    await live.see('hill', 'lake', 'wood');
    const leaving = new AbortController();
    const query = `subscription Watch { sightings(after: "${cursorOf(0)}") { place } }`;
    const heard: string[] = [];
    const subscription = { port: Number(new URL(sightings.origin).port), token: 'right', query, variables: {} };
    await followByWebSocket({
      ...{ ...subscription, leaving: leaving.signal },
      heard: (text) => heard.push(text) === 3 && leaving.abort(),
    });
    await sightings.close();
    const records = await onRecord();
    await live.close();
    const watch = {
      caller: { subject: 'watchman' },
      operation: { kind: 'SUBSCRIPTION', name: 'Watch', fields: ['sightings'] },
    };
    expect(records).toMatchObject([
      { kind: 'OPENED', ...watch },
      { kind: 'CLOSED', outcome: { result: 'OK', events: 3 }, ...watch },
    ]);
  });

  it('is on record as refused when its source refuses it', async () => {
    const token = await world.token(['OPERATOR']);
    const query = 'subscription { noticeEvents { kind } }';
    await followByEventStream({
      ...{ port: gateway.port, token, query, variables: {}, heard: () => undefined },
      leaving: new AbortController().signal,
    });
    expect(await onRecord()).toMatchObject([
      { kind: 'OPENED' },
      { kind: 'CLOSED', outcome: { result: 'REFUSED', codes: ['FORBIDDEN'] } },
    ]);
  });
});

describe('When nothing can be put on record', () => {
  it('refuses whatever is not public before any department is asked, and serves the public', async () => {
    const port = Number(new URL(server.uri).port);
    const token = await world.token(['ENFORCER']);
    const query = { query: `{ institution(creditCode: "${A}") { name } }` };
    await server.close();

    const refused = await ask(query, bearer(token));
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.json()).toEqual({
      errors: [{ message: expect.stringContaining('not carried out'), extensions: { code: 'AUDIT_UNAVAILABLE' } }],
    });
    expect(register.calls).toEqual([]);
    const leaving = new AbortController();
    const heard: string[] = [];
    await followByEventStream({
      ...{ port: gateway.port, token, query: 'subscription { noticeEvents { kind } }', variables: {} },
      ...{ heard: (text: string) => heard.push(text), leaving: leaving.signal },
    });
    expect(heard.join()).toContain('AUDIT_UNAVAILABLE');
    expect(await (await ask(query)).json()).toMatchObject({ data: { institution: { name: expect.any(String) } } });

    server = await startEmbeddedStore({ folder, port });
    const records = await onRecord();
    const codes = records.flatMap(({ outcome }) => outcome?.codes ?? []);
    expect(codes).toEqual(['AUDIT_UNAVAILABLE', 'AUDIT_UNAVAILABLE']);
    expect(records.filter(({ kind }) => kind === 'SERVED')).toHaveLength(1);
  });
});
