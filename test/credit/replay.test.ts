/** The same facts, time and edition give the same score, from the store as from the departments; and the commands. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { creditCommand, type CreditOptions } from '../../gateway/commands/credit.ts';
import { countThresholds } from '../../schema/credit/count-thresholds.ts';
import { digestOf } from '../../schema/credit/credit-inputs.ts';
import type { CreditProfile } from '../../schema/credit/credit-profile.ts';
import { CreditProfiles } from '../../schema/credit/credit-profiles.ts';
import { findModel, MODELS, readModels } from '../../schema/credit/risk-model.ts';
import { scoreOf } from '../../schema/credit/score.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { calendarDateOf } from '../../schema/time/calendar-date.ts';
import { codeOf, present } from '../hub/support.ts';
import { department } from '../schema/support/records.ts';
import { startCreditHub, type CreditHub } from './support.ts';

let hub: CreditHub;
let folder: string;
let profiles: CreditProfiles;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hub-credit-'));
  hub = await startCreditHub(60);
  await hub.follow();
  profiles = new CreditProfiles(hub.replica.models.records.db);
}, 120_000);
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

async function all(): Promise<readonly CreditProfile[]> {
  const read: CreditProfile[] = [];
  for await (const profile of profiles.all()) read.push(profile);
  return read;
}

describe('a stored profile', () => {
  it('is what its stored facts, time and edition give', async () => {
    const stored = await all();
    expect(stored).toHaveLength(hub.world.institutions.length);
    for (const profile of stored) {
      const { inputs, computedAt, modelVersion, riskScore, riskClass, factors, thresholds, computedFrom } = profile;
      const again = scoreOf(inputs, computedAt, present(findModel(modelVersion)));
      expect(again).toEqual({ riskScore, riskClass, factors, modelVersion });
      expect(countThresholds(inputs, calendarDateOf(computedAt))).toEqual(thresholds);
      expect(digestOf(inputs)).toBe(computedFrom);
    }
  });

  it('is made anew when the month begins, though nothing has happened', async () => {
    const code = present(hub.world.byCreditCode(codeOf('INST-G'))).creditCode;
    const [before] = await profiles.of([code]);
    hub.time = new Date('2026-03-31T23:59:59+08:00');
    await hub.project();
    expect((await profiles.of([code]))[0]?.computedAt).toEqual(before?.computedAt);
    hub.time = new Date('2026-04-01T00:00:00+08:00');
    await hub.project();
    const [after] = await profiles.of([code]);
    expect(after?.computedAt).toEqual(hub.time);
    expect(after?.riskScore).toBe(before?.riskScore);
  });
});

const DEPARTMENTS = [department('market-regulation'), department('ecology')];

async function run(words: readonly string[], options: CreditOptions = {}) {
  const lines: string[] = [];
  const parts = {
    ...{ connection: hub.replica.models.records.db, departments: DEPARTMENTS, now: hub.time },
    print: (line: string) => void lines.push(line),
  };
  const exitCode = await creditCommand(parts, words, options);
  return { lines, text: lines.join('\n'), exitCode };
}

describe('credit explain', () => {
  it('prints class, what weighs with its rows, thresholds, and what it rests on', async () => {
    const { text, exitCode } = await run(['explain', codeOf('INST-B')]);
    expect(exitCode).toBe(0);
    expect(text).toContain('Risk class D (high 高), 780 of 1000');
    expect(text).toContain('REACHED  SER-ENV VEHICLES: 15 of 10, 2024-01-20 to 2026-01-20');
    expect(text).toContain('2026-01-20 示环罚〔2026〕12号: 12');
    expect(text).toContain('no ground for a measure');
    expect(text).toMatch(/ecology +生态环境 +institutions 2026-03-31/);
  });

  it('says when there is no profile', async () => {
    const unknown = await run(['explain', '11520000MBYDM1015G']);
    expect(unknown.exitCode).toBe(1);
    expect(unknown.text).toContain('No profile of 11520000MBYDM1015G');
    await expect(run(['explain', '91520115MAYDM999X0'])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('credit compare', () => {
  it('lists whom an edition of a file would move, and how many', async () => {
    const path = join(folder, 'next.json');
    const text = await readFile(join(projectRoot, 'schema/credit/risk-model.json'), 'utf8');
    await writeFile(path, text.replace('"2026.1"', '"2026.2"').replaceAll('"each": 200', '"each": 20'));
    expect(readModels(path).map(({ edition }) => edition)).toEqual(['2026.2']);
    const { lines, text: printed } = await run(['compare', '2026.2'], { model: path });
    expect(lines.find((line) => line.startsWith(codeOf('INST-C')))).toContain('C 320 -> A 140');
    expect(lines.some((line) => line.startsWith(codeOf('INST-A')))).toBe(false);
    expect(printed).toContain('edition 2026.1 beside 2026.2');
    expect(printed).toMatch(/ {2}A -> A {2}\d+/);
    // Nothing has been switched on.
    const [profile] = await profiles.of([present(hub.world.byCreditCode(codeOf('INST-C'))).creditCode]);
    expect(profile).toMatchObject({ modelVersion: '2026.1', riskScore: 320 });
  });

  it('moves nobody when the editions are the same', async () => {
    const [edition] = MODELS.map((model) => model.edition);
    const { lines } = await run(['compare', present(edition)]);
    expect(lines[0]).toContain('institutions, edition');
  });

  it('refuses an edition that there is not, and a file that is not understood', async () => {
    await expect(run(['compare', 'none'])).rejects.toThrow('There is no edition "none"');
    const path = join(folder, 'bad.json');
    await writeFile(path, '{"about":"","editions":[{"edition":"x"}]}');
    await expect(run(['compare', 'x'], { model: path })).rejects.toThrow();
  });
});

describe('credit report', () => {
  it('counts institutions by prefecture and class, as a table and as a picture', async () => {
    await run(['report'], { out: folder });
    const csv = await readFile(join(folder, 'risk-by-region.csv'), 'utf8');
    const [heading, ...rows] = csv.replace('\ufeff', '').trim().split('\n');
    expect(heading).toBe('region,name,A,B,C,D,total');
    const cells = rows.map((row) => row.split(','));
    expect(cells.find(([region]) => region === '520100')?.[1]).toBe('贵阳市');
    const totals = cells.map((row) => row.slice(2).map(Number));
    for (const [a, b, c, d, total] of totals) expect(total).toBe(present(a) + present(b) + present(c) + present(d));
    expect(totals.reduce((sum, row) => sum + present(row.at(-1)), 0)).toBe(hub.world.institutions.length);
    const svg = await readFile(join(folder, 'risk-by-region.svg'), 'utf8');
    expect(svg).toMatch(/^<svg [^>]*>/);
    expect(svg).toContain('六盘水市 D: 1');
  });
});
