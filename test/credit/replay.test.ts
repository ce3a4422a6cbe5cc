/** The same facts, time and edition give the same score, from the store as from the departments; and the commands. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreditOptions } from '../../gateway/commands/credit-parts.ts';
import { creditCommand } from '../../gateway/commands/credit.ts';
import { countThresholds } from '../../schema/credit/count-thresholds.ts';
import { digestOf } from '../../schema/credit/credit-inputs.ts';
import type { CreditProfile } from '../../schema/credit/credit-profile.ts';
import { CreditProfiles } from '../../schema/credit/credit-profiles.ts';
import { findModel, MODELS, readModels } from '../../schema/credit/risk-model.ts';
import { scoreOf } from '../../schema/credit/score.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { addDays, calendarDateOf } from '../../schema/time/calendar-date.ts';
import { publicityDueOn } from '../../schema/penalty/timeliness.ts';
import { DECISIONS } from '../../sources/world/planted/keys.ts';
import type { WorldPenalty } from '../../sources/world/types.ts';
import { codeOf, present } from '../hub/support.ts';
import { day, department } from '../schema/support/records.ts';
import { staff, startCreditHub, type CreditHub } from './support.ts';

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
    ...{ connection: hub.replica.models.records.db, replica: hub.replica, departments: DEPARTMENTS, now: hub.time },
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
    expect(text).toContain('    2026-01-20 示环罚〔2026〕12号 (ecology ');
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
    const unusable = { code: 'INPUT_INVALID', message: expect.stringContaining('bad.json cannot be used as a model') };
    await expect(run(['compare', 'x'], { model: path })).rejects.toMatchObject(unusable);
    await rm(path);
    await expect(run(['compare', 'x'], { model: path })).rejects.toMatchObject(unusable);
  });
});

describe('credit report', () => {
  it('counts institutions by prefecture and class, as a table and as a picture', async () => {
    await run(['report'], { out: folder });
    const csv = await readFile(join(folder, 'risk-by-region.csv'), 'utf8');
    const [heading, ...rows] = csv.replace('\ufeff', '').trim().split('\r\n');
    expect(heading).toBe('region,name,A,B,C,D,total');
    const cells = rows.map((row) => row.split(','));
    expect(cells.find(([region]) => region === '520100')?.[1]).toBe('贵阳市');
    const totals = cells.map((row) => row.slice(2).map(Number));
    for (const [a, b, c, d, total] of totals) expect(total).toBe(present(a) + present(b) + present(c) + present(d));
    expect(totals.reduce((sum, row) => sum + present(row.at(-1)), 0)).toBe(hub.world.institutions.length);
    const svg = await readFile(join(folder, 'risk-by-region.svg'), 'utf8');
    expect(svg).toMatch(/^<svg [^>]*>/);
    expect(svg).toContain('六盘水市 D: 1');
    expect(svg).toContain('不得公开');
  });
});

describe('credit publication', () => {
  const DEPARTMENTS_OF_WORLD = ['market-regulation', 'ecology', 'transport'] as const;
  /** Decisions of the year up to the last day, as the departments' upstreams hold them. */
  const heldBy = (department: string) =>
    hub.world.institutions
      .flatMap((institution) => hub.world.penaltiesOf(institution))
      .filter(
        (penalty) => penalty.heldBy === department && penalty.decidedOn > addDays(calendarDateOf(hub.time), -365),
      );
  const isLate = ({ decidedOn, publishedFrom }: WorldPenalty): boolean => publishedFrom > publicityDueOn(decidedOn);
  const rowsIn = async (name: string): Promise<string[][]> => {
    const [, ...rows] = (await readFile(join(folder, name), 'utf8')).trim().split('\r\n');
    return rows.map((row) => row.split(','));
  };
  const report = async () => {
    const departments = [...DEPARTMENTS_OF_WORLD, 'public-security' as const].map((id) => department(id));
    const { replica } = hub;
    const parts = {
      connection: replica.models.records.db,
      replica,
      departments,
      now: hub.time,
      print: () => undefined,
    };
    await creditCommand(parts, ['publication'], { out: folder });
    return { counts: await rowsIn('publication.csv'), rows: await rowsIn('publication-late.csv') };
  };

  it('counts per department what came in time and late, and names what was late', async () => {
    const { counts, rows } = await report();
    const timeOf = (id: string): string[] => present(counts.find(([department]) => department === id)).slice(2);
    for (const id of DEPARTMENTS_OF_WORLD) {
      const [all, late] = [heldBy(id).length, heldBy(id).filter(isLate).length];
      const share = all === 0 ? '' : ((all - late) / all).toFixed(4);
      expect(timeOf(id)).toEqual([`${all - late}`, `${late}`, '0', '0', share]);
    }
    expect(timeOf('public-security')).toEqual(['', '', '', '', '']);
    const late = DEPARTMENTS_OF_WORLD.flatMap((id) => heldBy(id).filter(isLate));
    expect(late.length).toBeGreaterThan(0);
    expect(rows.map(([, number]) => number).sort()).toEqual(late.map(({ documentNumber }) => documentNumber).sort());
    expect(new Set(rows.map((row) => row.at(-1)))).toEqual(new Set(['LATE']));
  });

  it('names what the hub knows of from a notice and the department has not published', async () => {
    const decided = (number: string, decidedOn: string) => ({
      ...{
        idempotencyKey: `of-${decidedOn}`,
        subjectCode: codeOf('INST-H'),
        stage: 'PUBLISHED' as const,
        listType: null,
      },
      ...{ decisionNumber: number, decidedOn: day(decidedOn), severity: 'GENERAL' as const, factsSummary: '(示例)' },
      ...{ measures: [{ measureId: 'M204', basis: null }], startDate: day('2026-03-31'), endDate: day('2026-12-31') },
      recipients: [{ departmentId: 'ecology', mandatory: true }],
    });
    const subject = {
      ...{ creditCode: codeOf('INST-H'), name: '示例', regionCode: '520402', kinds: [] },
      registeredAsOf: hub.time,
    };
    const clerk = staff({ departmentId: 'transport', roles: ['PUBLIC', 'DETERMINER'] });
    const { service } = present(hub.services.notices);
    for (const [number, on] of [
      ['示交罚〔2026〕9001号', '2026-03-02'],
      // Published, and in time still.
      [DECISIONS.roadTest, '2025-11-05'],
      ['示交罚〔2026〕9002号', '2026-03-27'],
    ] as const) {
      await service.issue(clerk, decided(number, on), () => Promise.resolve(subject));
    }
    const { counts, rows } = await report();
    expect(rows.filter((row) => row.at(-1) === 'MISSING')).toEqual([
      ['transport', '示交罚〔2026〕9001号', '2026-03-02', '2026-03-11', '', 'MISSING'],
    ]);
    expect(counts.find(([id]) => id === 'transport')?.[4]).toBe('1');
  });
});
