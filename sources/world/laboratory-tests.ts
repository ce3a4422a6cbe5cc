/** Monitoring tasks of generated monitoring bodies. */
import { addDays } from '../../schema/time/calendar-date.ts';
import { activityOf } from './activity.ts';
import { daysBetween, plusSeconds, secondsInto } from './clock.ts';
import { recordId, reportNumber } from './numbers.ts';
import { at, Dice, hash32, roundTo } from './random.ts';
import { fullName, prefectureOf } from './regions.ts';
import { scopeOn } from './scope.ts';
import type { WorldCapability, WorldInstitution, WorldLaboratoryTest, WorldQualification } from './types.ts';
import { wordOf } from './names.ts';

const FAILURE_RATE = 0.08;
/** Longest time between sampling and the end of the analysis. */
const DAYS_TO_FINISH = 4;

/** The tests that dice give to a monitoring body, newest first; none for other bodies. */
export function drawLaboratoryTests(
  seed: number,
  institution: WorldInstitution,
  qualifications: readonly WorldQualification[],
): readonly WorldLaboratoryTest[] {
  const activity = activityOf(qualifications);
  if (activity === null || !institution.kinds.includes('ENV_MONITORING_BODY')) return [];
  const { index, region } = institution;
  const dice = new Dice(seed, index, 'laboratory');
  const word = wordOf(seed, index);
  const days = daysBetween(activity.from, activity.to) - DAYS_TO_FINISH;
  const dates = Array.from({ length: dice.int(15, 40) }, () => addDays(activity.from, dice.int(0, days))).sort();
  return dates
    .map((date, sequence): WorldLaboratoryTest => {
      const sampledAt = secondsInto(date, dice.int(8 * 3600, 16 * 3600));
      const startedAt = plusSeconds(sampledAt, dice.int(3, 20) * 3600);
      const scope = scopeOn(qualifications, date);
      const object = dice.pick(scope).object;
      const items = scope.filter((item) => item.object === object).map((item) => itemOf(dice, item));
      return {
        id: recordId(index, sequence, hash32(seed, index * 1000 + sequence, 'laboratory')),
        reportNumber: reportNumber(region, 'HJ', date, index, sequence),
        object,
        items,
        sampledAt,
        sampling: { sampler: samplerOf(word, sequence), ...placeNear(dice, region) },
        startedAt,
        endedAt: plusSeconds(startedAt, dice.int(2, 60) * 3600),
        passed: items.every(({ passed }) => passed),
      };
    })
    .reverse();
}

/** Each body has three samplers of its own, who take turns, so that nobody is at two places on one day. */
function samplerOf(word: string, sequence: number): string {
  return `示例${word}${at(['甲', '乙', '丙'], sequence % 3)}`;
}

function itemOf(dice: Dice, { parameter, standard }: WorldCapability): WorldLaboratoryTest['items'][number] {
  return { parameter, standard, passed: !dice.chance(FAILURE_RATE) };
}

function placeNear(dice: Dice, region: string) {
  const { longitude, latitude } = prefectureOf(region);
  return {
    place: `${fullName(region)}示例断面${dice.int(1, 30)}号`,
    longitude: roundTo(longitude + dice.decimal(-0.2, 0.2, 4), 4),
    latitude: roundTo(latitude + dice.decimal(-0.2, 0.2, 4), 4),
  };
}
