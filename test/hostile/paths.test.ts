/** Names that come from outside never lead out of the folder in which the hub writes. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documentsCommand } from '../../gateway/commands/documents.ts';
import { signingKeysCommand } from '../../gateway/commands/signing-keys.ts';
import { UsageError } from '../../gateway/commands/usage-error.ts';
import { evaluationAdmission } from '../../gateway/limits/evaluation-admission.ts';
import { feedbackPathOf } from '../../jobs/import/feedback.ts';
import { TrustedDocuments } from '../../schema/access/trusted-documents.ts';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { openKeyRing } from '../../schema/signing/key-ring.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

let store: StoreUnderTest;
let folder: string;
beforeAll(async () => {
  store = await openStore();
  folder = await mkdtemp(join(tmpdir(), 'hub-paths-'));
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const OUTSIDE = [
  '../evil',
  '../../etc/passwd',
  '/etc/passwd',
  'ecology/../../evil',
  'ecology\0',
  '..\\evil',
  '',
  '.',
  '~/evil',
];

describe('A file that is imported', () => {
  it.each(['/data/in/penalties.csv', '/data/in/../in/penalties.csv', '/data/in/..penalties.csv', '/data/in/a.b.xlsx'])(
    'gets its feedback beside it: %s',
    (path) => {
      const feedback = feedbackPathOf(path);
      expect(dirname(feedback)).toBe(normalize(dirname(path)));
      expect(feedback).toMatch(/\/[^/]+\.feedback\.csv$/);
    },
  );
});

describe('A signing key', () => {
  it.each(OUTSIDE)('is made for a known owner only, and not for %j', async (owner) => {
    const ring = await openKeyRing({ connection: store.connection, folder: join(folder, 'keys') });
    const making = signingKeysCommand(ring, ['create', owner], {}, ['ecology']);
    await expect(making).rejects.toThrow(UsageError);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('A document that is registered', () => {
  it('is listed under the name of its file, without the folders before it', async () => {
    const schema = await buildHubSchema();
    const documents = new TrustedDocuments(store.connection);
    const path = join(folder, 'who.graphql');
    await writeFile(path, '{ me { subject } }');
    const parts = { schema, admission: evaluationAdmission(schema) };
    await documentsCommand(
      documents,
      ['register', join(folder, '..', folder.split('/').at(-1) ?? '', 'who.graphql')],
      parts,
    );
    expect((await documents.list()).map(({ name }) => name)).toEqual(['who.graphql']);
    await rm(path);
  });

  it.each(OUTSIDE)('is removed by its id only, and not by %j', async (id) => {
    const schema = await buildHubSchema();
    const documents = new TrustedDocuments(store.connection);
    const parts = { schema, admission: evaluationAdmission(schema) };
    await expect(documentsCommand(documents, ['remove', id], parts)).rejects.toThrow(
      /There is no document|Name the ids/,
    );
    expect(await documents.list()).toHaveLength(1);
  });
});
