/** Monitoring tasks of INST-C that belong to planted cases. */
import { instantAt, plusSeconds } from '../clock.ts';
import { recordId } from '../numbers.ts';
import { hash32 } from '../random.ts';
import type { WorldLaboratoryTest } from '../types.ts';
import { REPORTS } from './keys.ts';

const INDEX = 2;
/** Sequences of planted tests, beyond those of drawn ones. */
const FIRST_SEQUENCE = 900;

const ZUNYI = { place: '贵州省遵义市示例断面A', longitude: 106.93, latitude: 27.73 };
const GUIYANG = { place: '贵州省贵阳市示例断面B', longitude: 106.63, latitude: 26.65 };
const WEINING = { place: '贵州省毕节市威宁彝族回族苗族自治县示例断面C', longitude: 104.28, latitude: 26.86 };

interface Task {
  readonly reportNumber: string;
  readonly sampledAt: string;
  readonly startedAt?: string;
  readonly sampler?: string;
  readonly where?: typeof ZUNYI;
  readonly object?: string;
  readonly parameter?: string;
  readonly standard?: string;
}

const [SAME_TIME_A, SAME_TIME_B] = REPORTS.samplerAtTwoPlaces;
const [TOO_FAST_A, TOO_FAST_B] = REPORTS.samplerTooFast;

const TASKS: readonly Task[] = [
  // F07: never in the scope of INST-C.
  {
    reportNumber: REPORTS.outOfScope,
    sampledAt: '2026-01-12 09:00:00',
    object: '环境空气',
    parameter: '二噁英类',
    standard: 'HJ 77.2-2008',
  },
  // F17: analysed the day before the sample was taken.
  { reportNumber: REPORTS.beforeSampling, sampledAt: '2026-01-15 10:00:00', startedAt: '2026-01-14 09:00:00' },
  // F15: one sampler, ten minutes, 120 km.
  { reportNumber: SAME_TIME_A, sampledAt: '2026-01-21 09:30:00', sampler: '示例同', where: ZUNYI },
  { reportNumber: SAME_TIME_B, sampledAt: '2026-01-21 09:40:00', sampler: '示例同', where: GUIYANG },
  // F17: one sampler, one hour, 280 km.
  { reportNumber: TOO_FAST_A, sampledAt: '2026-01-27 09:00:00', sampler: '示例远', where: ZUNYI },
  { reportNumber: TOO_FAST_B, sampledAt: '2026-01-27 10:00:00', sampler: '示例远', where: WEINING },
];

/** The planted tests of a subject; only INST-C has some. */
export function plantedLaboratoryTests(key: string): readonly WorldLaboratoryTest[] {
  return key === 'INST-C' ? TASKS.map(toTest) : [];
}

function toTest(task: Task, place: number): WorldLaboratoryTest {
  const { object = '地表水', parameter = '氨氮', standard = 'HJ 535-2009', sampler = '示例采', where = ZUNYI } = task;
  const sampledAt = instantAt(task.sampledAt);
  const startedAt = task.startedAt === undefined ? plusSeconds(sampledAt, 6 * 3600) : instantAt(task.startedAt);
  return {
    id: recordId(INDEX, FIRST_SEQUENCE + place, hash32(0, place, 'planted-laboratory')),
    reportNumber: task.reportNumber,
    object,
    items: [{ parameter, standard, passed: true }],
    sampledAt,
    sampling: { sampler, ...where },
    startedAt,
    endedAt: plusSeconds(startedAt, 8 * 3600),
    passed: true,
  };
}
