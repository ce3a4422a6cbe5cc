/** What stands against a recognition now, by the same checks and rules by which it was made. Pure. */
import { calendarDateOf } from '../time/calendar-date.ts';
import type { Standing } from './case.ts';
import type { Check, ReasonCode } from './check.ts';
import { decide } from './decide.ts';
import type { Evidence } from './evidence.ts';
import { lastDecision, type Hold, type Recognition, type ReviewFlag } from './recognition.ts';
import { rulesOfIds, rulesOn } from './rules.ts';

/** Some causes pass, and the recognition is good again when they have; all others end it. */
function consequenceOf({ cause }: Check, at: Date): Hold['consequence'] {
  const passing = rulesOn(calendarDateOf(at))
    .of('CONSEQUENCE')
    .flatMap(({ suspending }) => suspending);
  return cause !== null && passing.includes(cause) ? 'SUSPEND' : 'REVOKE';
}

/**
 * A check that passed, or that a person passed over, and fails now stands against the recognition. What has happened only
 * since the day of the report is for a person to review. Where a source is silent, what was known before stays.
 * @param evidence as it is now, for the day of the decision
 */
export function standingOf(recognition: Recognition, evidence: Evidence): Omit<Standing, 'seenChanges'> {
  const { judgement } = lastDecision(recognition);
  const before = new Map(judgement.checks.map((check) => [check.code, check]));
  const { checks } = decide(evidence, rulesOfIds(judgement.rulesetEdition, judgement.ruleIds));
  const kept = <K extends { readonly code: ReasonCode }>(known: readonly K[], code: ReasonCode): readonly K[] =>
    known.filter((each) => each.code === code);
  const holds: Hold[] = [];
  const flags: ReviewFlag[] = [];
  for (const check of checks) {
    const { code, passed, cause, doubt, evidence: detail } = check;
    if (passed === false && cause !== null) {
      holds.push({ code, cause, consequence: consequenceOf(check, evidence.gatheredAt), detail });
    } else if (doubt === 'SILENT') {
      holds.push(...kept(recognition.holds, code));
      flags.push(...kept(recognition.flags, code));
    } else if ((doubt === 'REVIEW' || doubt === 'MISSING') && before.get(code)?.passed === true) {
      flags.push({ code, detail });
    }
  }
  const isSilent = checks.some(({ doubt }) => doubt === 'SILENT');
  return { holds, flags, isSilent };
}
