/** The guide says what is true. `UPDATE_DOCS=1 npx jest test/recognition/docs` writes its answer anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, validate, type GraphQLSchema } from 'graphql';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { CHECK_NAMES } from '../../schema/recognition/check.ts';
import { dataOf, PATIENCE_MS } from '../hub/support.ts';
import { startHub, type HubUnderTest } from '../support/hub.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

const path = join(projectRoot, 'docs/recognition.md');
const guide = readFileSync(path, 'utf8');
const operations = [...guide.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text = '']) => text);

let schema: GraphQLSchema;
let server: StoreUnderTest;
let hub: HubUnderTest;
beforeAll(async () => {
  server = await openStore();
  const clock = { now: () => new Date('2026-03-31T10:00:00+08:00') };
  schema = await buildHubSchema();
  hub = await startHub({ worldSize: 0, patienceMs: PATIENCE_MS, clock, recognitionsOn: server.connection });
}, 120_000);
afterAll(async () => {
  await hub.close();
  await server.close();
});

describe('the guide to recognition', () => {
  it('shows operations that the graph takes', () => {
    expect(operations.length).toBeGreaterThan(4);
    for (const text of operations) expect(validate(schema, parse(text))).toEqual([]);
  });

  it('shows the answer that the hub gives to the first of them', async () => {
    const caller = {
      subject: 'clerk',
      departmentId: 'market-regulation',
      roles: ['PUBLIC', 'DETERMINER'],
      regions: ['52'],
      credentialId: 'k',
    } as const;
    const answer = dataOf(await hub.query<object>(operations[0] ?? '', {}, PATIENCE_MS, caller));
    const shown = `\`\`\`json\n${JSON.stringify(answer, null, 2)}\n\`\`\``;
    if (process.env['UPDATE_DOCS'] !== undefined)
      writeFileSync(
        path,
        guide.replace(/```json\n[\s\S]*?\n```/, () => shown),
      );
    expect(/```json\n[\s\S]*?\n```/.exec(readFileSync(path, 'utf8'))?.[0]).toBe(shown);
  });

  it('names every check by its code', () => {
    const rows = [...guide.matchAll(/^\| (RJ\d\d) \| `(\w+)`/gm)].map(([, code, name]) => [code, name]);
    expect(Object.fromEntries(rows)).toEqual(CHECK_NAMES);
  });
});
