import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig, ConfigurationError } from '../../gateway/config.ts';
import { discoverSources } from '../../sources/kit/registry.ts';
import { withFiles } from '../../gateway/variable-files.ts';

let folder: string;
const fileWith = async (name: string, content: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content, { mode: 0o600 });
  return path;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('A setting in a file', () => {
  it.each([
    ['as it is', 's3cret', 's3cret'],
    ['without the line end of an editor', 's3cret\n', 's3cret'],
    ['without that of another editor', 's3cret\r\n', 's3cret'],
    ['with all others', ' s3 cret \n\n', ' s3 cret \n'],
  ])('is taken %s', async (name, content, value) => {
    const path = await fileWith(name, content);
    expect(withFiles({ HUB_TOKEN_FILE: path, HOME: '/' }, ['HUB_TOKEN'])).toEqual({
      environment: { HUB_TOKEN: value, HOME: '/' },
      problems: [],
    });
  });

  it('may be any of the hub and of its departments', async () => {
    const environment = {
      HUB_SECRETS_KEY_FILE: await fileWith('key', Buffer.alloc(32, 1).toString('base64')),
      ECOLOGY_URL: 'https://ecology.example/interface',
      ECOLOGY_AUTHORISATION_CODE_FILE: await fileWith('code', '12345678\n'),
      PORT_FILE: await fileWith('port', '4321'),
    };
    const config = readConfig(await discoverSources(), environment);
    expect([config.port, config.secretsKey]).toEqual([4321, Buffer.alloc(32, 1)]);
    const ecology = config.departments.find(({ definition }) => definition.department.id === 'ecology');
    expect(ecology?.environment['ECOLOGY_AUTHORISATION_CODE']).toBe('12345678');
  });

  it('leaves settings alone that are files themselves', () => {
    const environment = { HUB_TLS_KEY_FILE: '/nowhere' };
    expect(withFiles(environment, ['HUB_TLS_KEY_FILE', 'HUB_TLS_KEY'])).toEqual({ environment, problems: [] });
  });

  it('that is not there, too large, or set twice is a problem, told without what it holds', async () => {
    const sources = await discoverSources();
    const path = await fileWith('token', 'jch_secret');
    const environment = {
      MONGODB_URI_FILE: join(folder, 'nowhere'),
      REDIS_URL_FILE: await fileWith('large', 'x'.repeat(70_000)),
      HUB_TOKEN: 'other',
      HUB_TOKEN_FILE: path,
      HUB_TOKKEN_FILE: path,
    };
    let problems: readonly string[] = [];
    try {
      readConfig(sources, environment);
    } catch (error) {
      if (error instanceof ConfigurationError) ({ problems } = error);
    }
    expect(problems).toEqual([
      'MONGODB_URI_FILE: cannot be used (ENOENT)',
      'REDIS_URL_FILE: cannot be used (the file has more than 65536 bytes)',
      'HUB_TOKEN_FILE: cannot be used (HUB_TOKEN is set too; set one of them)',
      expect.stringMatching(/^HUB_TOKKEN_FILE: is not a setting of the hub/),
    ]);
  });
});
