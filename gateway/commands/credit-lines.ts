/** A credit profile as a clerk reads it. Pure. */
import { CLASS_NAMES } from '../../schema/credit/class-names.ts';
import type { CreditProfile } from '../../schema/credit/credit-profile.ts';
import type { ThresholdCount } from '../../schema/credit/count-thresholds.ts';
import type { DepartmentDescriptor } from '../../schema/ports.ts';
import { PROJECTED_READS, feedOf } from '../../schema/replica/facts.ts';
import type { ProjectionState } from '../../schema/replica/projection-states.ts';
import { regionOf } from '../../schema/region/region.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import { alignColumns } from '../start-table.ts';
import { evidenceRows } from './evidence-rows.ts';

/** To the minute: "2026-03-31 12:00" in China. */
const minuteOf = (at: Date): string => formatInstant(at).slice(0, 16).replace('T', ' ');

/** The same row may weigh in several ways. */
function factorLines({ factors, inputs }: CreditProfile): string[] {
  if (factors.length === 0) return ['  nothing 无'];
  const rowOf = evidenceRows(inputs);
  return factors.flatMap(({ points, label, labelZh, basis, evidence }) => [
    `  ${String(points).padStart(4)}  ${label} ${labelZh} (${basis})`,
    ...evidence.map((each) => `        ${rowOf(each)}`),
  ]);
}

function thresholdLines(threshold: ThresholdCount): string[] {
  const { ruleId, criterion, counted, windowFrom, windowTo, label, labelZh, basis, rows } = threshold;
  return [
    `  ${threshold.reached ? 'REACHED' : '       '}  ${ruleId} ${criterion}: ${counted} of ${threshold.threshold}, ${windowFrom} to ${windowTo}`,
    `           ${label} ${labelZh} (${basis})`,
    ...rows.map(({ day, number, amount }) => `           ${day} ${number}: ${amount}`),
  ];
}

function coverageLines(
  departments: readonly DepartmentDescriptor[],
  { heldAt }: Pick<ProjectionState, 'heldAt'>,
): readonly string[] {
  return alignColumns(
    departments.map(({ id, nameZh }) => {
      const held = PROJECTED_READS.flatMap((read) => {
        const at = heldAt.get(feedOf(id, read));
        return at === undefined ? [] : [`${read} ${minuteOf(at)}`];
      });
      const words = held.length === 0 ? 'never read in full: missing from the score 未读取,不计入' : held.join(', ');
      return ['', id, nameZh, words];
    }),
  );
}

/** @param projected how far profiles have come with each feed */
export function profileLines(
  profile: CreditProfile,
  departments: readonly DepartmentDescriptor[],
  projected: Pick<ProjectionState, 'heldAt'>,
): readonly string[] {
  const { creditCode, name, regionCode, riskClass, riskScore, modelVersion, computedAt, computedFrom, thresholds } =
    profile;
  return [
    `${name}  ${creditCode}  ${regionOf(regionCode).path.join('')}`,
    `Risk class ${riskClass} (${CLASS_NAMES[riskClass]}), ${riskScore} of 1000`,
    `Model ${modelVersion}, computed ${minuteOf(computedAt)} from ${computedFrom.slice(0, 16)}`,
    'An internal tool: never shown to the public, no ground for a measure by itself. 内部监管工具,不对外公示,不单独作为惩戒依据',
    '',
    'What weighs 风险因素',
    ...factorLines(profile),
    '',
    'Serious thresholds, for a person to decide 情节严重阈值(由人工判定)',
    ...(thresholds.length === 0 ? ['  nothing counted 无计入记录'] : thresholds.flatMap(thresholdLines)),
    '',
    'What it rests on 信息覆盖',
    ...coverageLines(departments, projected),
  ];
}
