/**
 * The guide to security says what is true: every test that it names exists under its title, and its limits are those of
 * the configuration. `UPDATE_DOCS=1 npx jest test/docs` writes the table of limits anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { listVariables } from '../../gateway/config.ts';
import { LIMIT_VARIABLES } from '../../gateway/limits/limit-settings.ts';
import { HUB_ERROR_CODES } from '../../schema/errors.ts';
import { projectRoot } from '../../schema/project-root.ts';

const GUIDE = join(projectRoot, 'docs/security.md');
const guide = readFileSync(GUIDE, 'utf8');
const LIMITS = /<!-- limits -->[^]*<!-- \/limits -->/;
const OTHER_LIMITS = ['HUB_BODY_LIMIT_BYTES', 'HUB_READ_TIMEOUT_MS', 'HUB_SUBSCRIBERS', 'HUB_SUBSCRIBER_PATIENCE_MS'];

/** `test/x.ts` "title", as they stand in the table of threats. */
const named = [...guide.matchAll(/`(test\/[^`]+\.ts)` "([^"]+)"/g)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

describe('The guide to security', () => {
  it('names tests for all its threats', () => {
    const threats = guide.split('\n').filter((line) => /^\|.*`test\//.test(line));
    expect(threats.length).toBeGreaterThan(25);
    expect(named).toHaveLength(threats.length);
  });

  it.each(named)('names a test that exists: $file "$title"', ({ file, title }) => {
    expect(existsSync(join(projectRoot, file))).toBe(true);
    expect(readFileSync(join(projectRoot, file), 'utf8')).toContain(title);
  });

  it('lists every limit with its default', () => {
    const names = [...Object.keys(LIMIT_VARIABLES), ...OTHER_LIMITS];
    const rows = listVariables([])
      .filter(({ name }) => names.includes(name))
      .map(({ name, defaultValue, description }) => `| \`${name}\` | ${defaultValue ?? '-'} | ${description} |`);
    const table = ['| setting | default | what it limits |', '|---|---|---|', ...rows].join('\n');
    const written = `<!-- limits -->\n\n${table}\n\n<!-- /limits -->`;
    if (process.env['UPDATE_DOCS'] !== undefined)
      writeFileSync(
        GUIDE,
        guide.replace(LIMITS, () => written),
      );
    expect(LIMITS.exec(readFileSync(GUIDE, 'utf8'))?.[0]).toBe(written);
  });

  it('speaks of published codes only', () => {
    const codes = [...guide.matchAll(/^\| `((?!HUB_)[A-Z_]+)` \| \d{3}/gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(3);
    expect(codes.filter((code) => !HUB_ERROR_CODES.some((known) => known === code))).toEqual([]);
  });
});

describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  it('leads to the guide', () => {
    expect(readFileSync(join(projectRoot, file), 'utf8')).toContain('(docs/security.md)');
  });
});
