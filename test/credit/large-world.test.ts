/**
 * A whole province is computed, computed anew from all records, and when the month begins: 100,000 institutions with
 * `npm run test:scale`, which prints time and memory; a few in the suite, where it is about being right.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { completeCreditCode, type CreditCode } from '../../schema/codes/credit-code.ts';
import { CREDIT_PROFILES } from '../../schema/credit/credit-consumer.ts';
import { CreditProfiles } from '../../schema/credit/credit-profiles.ts';
import { NO_DECISIONS } from '../../schema/identity/station-decisions.ts';
import { openProjection, type Projection } from '../../jobs/projection/open-projection.ts';
import { parseRegionCode } from '../../schema/region/region.ts';
import { at, day } from '../schema/support/records.ts';
import {
  certified,
  HELD_BY,
  listed,
  openIndex,
  punished,
  registered,
  type IndexUnderTest,
  type Word,
} from '../search/held-records.ts';

const SIZE = process.env['HUB_TEST_SCALE'] === undefined ? 400 : 100_000;
const PER_STATEMENT = 2_000;
const LONGEST_MS = 60 * 60_000;
const MEGABYTE = 2 ** 20;

const DIVISIONS = ['520102', '520203', '520302', '520402', '520502', '520602', '522301', '522601', '522701'];
const codeOf = (n: number): CreditCode =>
  completeCreditCode(`91${DIVISIONS[n % DIVISIONS.length] ?? ''}`, `MY${String(n).padStart(6, '0')}`);

/** Every eighth is penalised, and a few of them often; every 25th was listed, every 200th seriously. */
function wordsOf(n: number): readonly Word[] {
  const code = codeOf(n);
  const penalty = (ordinal: number) =>
    punished(code, `P${n}-${ordinal}`, {
      ...{ documentNumber: `示交罚〔2025〕${n * 10 + ordinal}号`, decidedOn: day(`2025-0${1 + (n % 9)}-1${ordinal}`) },
      ...{
        categories: n % 3 === 0 ? ['没收违法所得'] : ['警告'],
        reason: n % 5 === 0 ? '出具虚假报告' : '未按规定检测',
      },
    });
  return [
    registered(code, {
      name: `示例第${n}检测有限公司`,
      kinds: ['VEHICLE_INSPECTION_BODY'],
      regionCode: parseRegionCode(code.slice(2, 8)),
    }),
    certified(code, `C${n}`, { validFrom: day('2022-01-05'), validTo: day('2028-01-04') }),
    ...(n % 8 === 0 ? Array.from({ length: 1 + (n % 3) }, (_, ordinal) => penalty(ordinal)) : []),
    ...(n % 25 === 0 ? [listed(code, `L${n}`, { listedOn: day('2025-07-08') })] : []),
    ...(n % 200 === 0 ? [listed(code, `S${n}`, { listType: 'SERIOUS_MR', listedOn: day('2025-07-09') })] : []),
  ];
}

let opened: IndexUnderTest;
let projection: Projection;
let profiles: CreditProfiles;
beforeAll(async () => {
  opened = await openIndex(at('2026-02-10T12:00'));
  const { replica } = opened;
  const connection = replica.models.records.db;
  const clock = { now: () => opened.now };
  projection = await openProjection({ connection, replica, clock, departments: HELD_BY, decisions: NO_DECISIONS });
  profiles = new CreditProfiles(connection);
  for (let from = 1; from <= SIZE; from += PER_STATEMENT) {
    const numbers = Array.from({ length: Math.min(PER_STATEMENT, SIZE - from + 1) }, (_, index) => from + index);
    const words = numbers.flatMap(wordsOf);
    const feeds = new Map<string, Word[]>();
    for (const word of words) {
      const key = `${word.departmentId} ${word.read}`;
      feeds.set(key, [...(feeds.get(key) ?? []), word]);
    }
    for (const own of feeds.values()) {
      const [{ departmentId, read }] = own as [Word];
      const observations = own.map(({ recordId, subjects, record }) => ({
        recordId,
        updatedAt: null,
        subjects,
        record,
      }));
      await replica.take(departmentId, read, at('2026-02-09T12:00'), observations);
    }
  }
}, LONGEST_MS);
afterAll(() => opened.close());

/**
 * How long it took, how much of the processor's time of that was its own, and the most memory that the process had in use
 * meanwhile; the embedded store is a thread of it, and counted with both.
 */
async function measured(what: string, run: () => Promise<unknown>): Promise<void> {
  let mostBytes = process.memoryUsage().rss;
  const before = mostBytes;
  const timer = setInterval(() => {
    mostBytes = Math.max(mostBytes, process.memoryUsage().rss);
  }, 100);
  const begin = performance.now();
  const usedBefore = process.cpuUsage();
  await run();
  clearInterval(timer);
  const seconds = (performance.now() - begin) / 1_000;
  const used = process.cpuUsage(usedBefore);
  const usedSeconds = (used.user + used.system) / 1_000_000;
  const [most, extra] = [mostBytes, mostBytes - before].map((bytes) => Math.round(bytes / MEGABYTE));
  console.log(
    `${what}: ${SIZE} institutions in ${seconds.toFixed(1)} s, ${Math.round(SIZE / seconds)} per second, ` +
      `${usedSeconds.toFixed(1)} s of processor time; at most ${most} MB in use, ${extra} MB more than before`,
  );
}

const computedAt = async (n: number): Promise<Date | undefined> => (await profiles.of([codeOf(n)]))[0]?.computedAt;

it(
  'every institution has its profile, is in the index by it, and has it made anew when the month begins',
  async () => {
    await measured('computed for the first time', () => projection.projector.run());
    let count = 0;
    for await (const { riskScore } of profiles.summaries()) count += riskScore >= 0 ? 1 : 0;
    expect(count).toBe(SIZE);
    const { rows } = await projection.search.search({
      ...{ text: null, regionPrefix: null, kinds: null, riskClasses: ['D'], listed: null, qualification: null },
      ...{ orderBy: 'RISK_DESC', first: 1, after: null },
    });
    const [riskiest] = await profiles.of(rows.map(({ creditCode }) => creditCode));
    expect(riskiest?.riskClass).toBe('D');
    opened.now = at('2026-02-20T12:00');
    const { replica } = opened;
    await replica.pending.flagInstitutions(HELD_BY.map(({ id }) => id));
    await measured('computed anew from all records', () => projection.projector.run());
    for (const n of [1, SIZE / 2, SIZE]) expect(await computedAt(n)).toEqual(opened.now);
    opened.now = at('2026-03-01T00:00');
    await measured('computed anew for the month', () => projection.projector.run());
    for (const n of [1, SIZE / 2, SIZE]) expect(await computedAt(n)).toEqual(opened.now);
    expect((await projection.states.of(CREDIT_PROFILES)).complete).toBeGreaterThan(0);
  },
  LONGEST_MS,
);
