/**
 * The READMEs say what is true: their sample query gives the printed answer, their table of settings is the
 * configuration's own. `UPDATE_DOCS=1 npx jest test/docs` writes both anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listVariables } from '../../gateway/config.ts';
import { findSampleUser } from '../../gateway/identity/sample-users.ts';
import type { Caller } from '../../schema/access/caller.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { discoverSources } from '../../sources/kit/registry.ts';
import { startHub, type HubUnderTest } from '../support/hub.ts';

const READMES = ['README.md', 'README.zh-CN.md'];
/** The READMEs show what is answered, not how fast. */
const PATIENCE_MS = 15_000;
const isUpdate = process.env['UPDATE_DOCS'] !== undefined;

const textOf = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');

/** The text between `<!-- name -->` and `<!-- /name -->`. */
function block(file: string, name: string): string {
  const [, text] = new RegExp(`<!-- ${name} -->\\n\\n([\\s\\S]*?)\\n\\n<!-- /${name} -->`).exec(textOf(file)) ?? [];
  if (text === undefined) throw new Error(`${file} has no block ${name}`);
  return text;
}

function expectBlock(file: string, name: string, expected: string): void {
  if (isUpdate) {
    const marks = new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`);
    const written = `<!-- ${name} -->\n\n${expected}\n\n<!-- /${name} -->`;
    writeFileSync(
      join(projectRoot, file),
      textOf(file).replace(marks, () => written),
    );
  }
  expect(block(file, name)).toBe(expected);
}

let hub: HubUnderTest | undefined;
beforeAll(async () => {
  hub = await startHub({ patienceMs: PATIENCE_MS });
});
afterAll(() => hub?.close());

describe.each(READMES)('%s', (file) => {
  it('shows a query with the answer that the hub gives to it', async () => {
    const [, body] = /-d '(\{"query":.*\})'/.exec(textOf(file)) ?? [];
    const { query } = JSON.parse(body ?? '{}') as { query: string };
    const answer = await hub?.query(query, {}, PATIENCE_MS, userOf(textOf(file)));
    expect(answer?.errors).toBeUndefined();
    expectBlock(file, 'answer', `\`\`\`json\n${JSON.stringify({ data: answer?.data }, null, 2)}\n\`\`\``);
  });

  it('lists every setting with its default', async () => {
    const rows = listVariables(await discoverSources()).map(
      (variable) =>
        `| \`${variable.name}\` | ${variable.defaultValue ?? '-'} | ${variable.description.replaceAll('|', '\\|')} |`,
    );
    expectBlock(file, 'settings', ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n'));
  });

  it('names only files that exist', () => {
    const links = [...textOf(file).matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, target = '']) => target);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((target) => !exists(target))).toEqual([]);
  });
});

/** The sample user as whom the README asks. */
function userOf(text: string): Caller {
  const [, id = ''] = /identity token (\w+)\)/.exec(text) ?? [];
  const user = findSampleUser(id);
  if (user === null) throw new Error(`there is no sample user "${id}"`);
  const { department: departmentId, roles, regions } = user;
  return { subject: id, departmentId, roles: ['PUBLIC', ...roles], regions, credentialId: 'token:1' };
}

function exists(target: string): boolean {
  try {
    readFileSync(join(projectRoot, target));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}
