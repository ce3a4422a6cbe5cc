/** `hub documents`: what is served in production is registered, listed and removed by its operator. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { documentsCommand, type DocumentCheckParts } from '../../gateway/commands/documents.ts';
import { evaluationAdmission } from '../../gateway/limits/evaluation-admission.ts';
import { documentHash, TrustedDocuments } from '../../schema/access/trusted-documents.ts';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

const ME = 'query Me { me { subject } }';
const MEASURES = 'query Measures { measures { name } }';

let store: StoreUnderTest;
let documents: TrustedDocuments;
let parts: DocumentCheckParts;
let folder: string;
beforeAll(async () => {
  store = await openStore();
  documents = new TrustedDocuments(store.connection, () => new Date('2026-03-02T02:00:00Z'));
  const schema = await buildHubSchema();
  parts = { schema, admission: evaluationAdmission(schema) };
  folder = await mkdtemp(join(tmpdir(), 'hub-documents-'));
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  for (const { _id } of await documents.list()) await documents.remove(_id);
});

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}
const run = (...words: string[]) => documentsCommand(documents, words, parts);

describe('hub documents', () => {
  it('registers a file under the SHA-256 of its text, lists it and removes it', async () => {
    const path = await file('me.graphql', ME);
    const id = documentHash(ME);
    expect(await run('register', path)).toEqual([`${id}  me.graphql`]);
    expect(await run('register', path)).toEqual([`${id}  me.graphql  (was registered)`]);
    expect(await run('list')).toEqual([`${id}  me.graphql  2026-03-02T10:00:00+08:00`]);
    expect(await documents.textOf(id)).toBe(ME);
    expect(await run('remove', `sha256:${id.toUpperCase()}`)).toHaveLength(1);
    expect(await run('list')).toEqual(['No documents.']);
    expect(await documents.textOf(id)).toBeNull();
  });

  it.each([
    ['of ids and texts', { [documentHash(ME)]: ME, [`sha256:${documentHash(MEASURES)}`]: MEASURES }],
    [
      'of Apollo’s clients',
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [
          { id: documentHash(ME), name: 'Me', type: 'query', body: ME },
          { id: documentHash(MEASURES), name: 'Measures', type: 'query', body: MEASURES },
        ],
      },
    ],
  ])('registers a manifest %s', async (_, manifest) => {
    expect(await run('register', await file('manifest.json', JSON.stringify(manifest)))).toHaveLength(2);
    expect(await documents.textOf(documentHash(MEASURES))).toBe(MEASURES);
  });

  it.each([
    ['that is no GraphQL', 'a.graphql', 'query {', /Syntax Error/],
    ['that the graph cannot answer', 'a.graphql', '{ evil }', /Cannot query field/],
    ['that asks for the schema', 'a.graphql', '{ __schema { types { name } } }', /introspection/i],
    ['beyond a limit', 'a.graphql', `{ ${'me { subject } '.repeat(11)} }`, /too many fields at its top/],
    [
      'that would cost too much',
      'a.graphql',
      '{ institutions(first: 100) { edges { node { reports(first: 100) { edges { node { institution { penalties(first: 100) { totalCount } } } } } } } } }',
      /the limit is 20000/,
    ],
    ['under another id', 'a.json', JSON.stringify({ [documentHash('x')]: ME }), /is not the SHA-256 of its text/],
    ['in a manifest that is none', 'a.json', '[1]', /is no manifest/],
    ['in a manifest that is no JSON', 'a.json', '{', /is not valid JSON/],
  ])('registers nothing %s, and nothing that is named beside it', async (_, name, content, reason) => {
    const good = await file('good.graphql', ME);
    await expect(run('register', good, await file(name, content))).rejects.toThrow(reason);
    expect(await documents.list()).toEqual([]);
  });

  it.each([[['register']], [['remove']], [[]], [['evil']]])('wants to be told what to do: %j', async (words) => {
    await expect(run(...words)).rejects.toThrow(/^(Name|Say)/);
  });
});
