/** RJ06, RJ07 and RJ10: does the report serve the purpose, now, by standards that were in force? Rules alone decide. */
import { addMonths, type CalendarDate } from '../../time/calendar-date.ts';
import { failed, passed, unsettled, type Check } from '../check.ts';
import type { Evidence, SeenReport } from '../evidence.ts';
import type { Purpose, Rules } from '../rules.ts';

/** The last day on which a report may be recognised for the purpose; null when no rule says. */
export function lastDay(
  { issuedOn }: Pick<SeenReport, 'issuedOn'>,
  purpose: Purpose,
  rules: Rules,
): CalendarDate | null {
  const rule = rules.freshnessFor(purpose);
  return rule === undefined ? null : addMonths(issuedOn, rule.months);
}

export function fresh({ question, decidedOn }: Evidence, report: SeenReport, rules: Rules): Check {
  const last = lastDay(report, question.purpose, rules);
  if (last === null) return unsettled('RJ06', 'MISSING', `no rule says how long a report serves ${question.purpose}`);
  if (report.issuedOn > decidedOn) {
    return unsettled('RJ06', 'REVIEW', `issued on ${report.issuedOn}, which lies after ${decidedOn}`);
  }
  const evidence = `issued on ${report.issuedOn}, serves ${question.purpose} until ${last}`;
  return decidedOn <= last
    ? passed('RJ06', evidence)
    : failed('RJ06', 'TOO_OLD', `${evidence}; asked for on ${decidedOn}`);
}

export function suitsPurpose({ question }: Evidence, { samplingKind, conclusion }: SeenReport, rules: Rules): Check {
  const rule = rules.suitabilityFor(question.purpose);
  if (rule === undefined) return unsettled('RJ07', 'MISSING', `no rule says what serves ${question.purpose}`);
  if (samplingKind !== null && !rule.samplingKinds.includes(samplingKind)) {
    const sampleOnly = samplingKind === 'SENT_SAMPLE' ? ': results of a sent sample speak of that sample alone' : '';
    return failed('RJ07', 'PURPOSE_UNSUITABLE', `${samplingKind} does not serve ${question.purpose}${sampleOnly}`);
  }
  if (conclusion === 'UNKNOWN' || conclusion === 'NOT_INSPECTED') {
    return unsettled('RJ07', 'MISSING', 'the register holds no verdict');
  }
  if (!rule.conclusions.includes(conclusion)) {
    return failed('RJ07', 'PURPOSE_UNSUITABLE', `the conclusion ${conclusion} does not serve ${question.purpose}`);
  }
  if (samplingKind === null) return unsettled('RJ07', 'MISSING', 'the register does not say how the sample was taken');
  return passed('RJ07', `${samplingKind} and ${conclusion} serve ${question.purpose}`);
}

export function standardCurrent({ parameters, issuedOn }: SeenReport, rules: Rules): Check {
  if (parameters.length === 0) return unsettled('RJ10', 'MISSING', 'the register holds no parameters for this report');
  const [rule] = rules
    .obsoleteAmong(parameters.map(({ standard }) => standard))
    .filter(({ obsoleteFrom }) => issuedOn >= obsoleteFrom);
  if (rule !== undefined) {
    const successor = rule.successor === null ? '' : ` by ${rule.successor}`;
    return failed('RJ10', 'STANDARD_OBSOLETE', `${rule.standard} was replaced${successor} on ${rule.obsoleteFrom}`);
  }
  const standards = [...new Set(parameters.map(({ standard }) => standard))].join(', ');
  return passed('RJ10', `no rule names ${standards} as replaced by ${issuedOn}`);
}
