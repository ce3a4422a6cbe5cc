/** Keeps the credit profiles of institutions in step with all that they rest on. */
import { chunksOf } from '../chunks.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import type { FollowedDecisions } from '../identity/station-decisions.ts';
import type { Clock, DepartmentDescriptor } from '../ports.ts';
import { institutionFacts } from '../replica/institution-facts.ts';
import type { ChangeConsumer } from '../replica/projector.ts';
import type { Replica } from '../replica/replica.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import type { CreditHistory } from './credit-history.ts';
import { NO_HISTORY, profileAnew, profileOf, type CreditProfile } from './credit-profile.ts';
import type { CreditProfiles } from './credit-profiles.ts';
import { modelOn, MODELS, type RiskModel } from './risk-model.ts';
import { rulesetOf } from './ruleset.ts';

export const CREDIT_PROFILES = 'credit-profiles';
/** Raised when profiles are made otherwise than before by the same edition of the model. */
export const CREDIT_PROFILES_LAYOUT = 1;

const CODES_AT_ONCE = 200;

export interface CreditConsumerParts {
  readonly replica: Replica;
  readonly profiles: CreditProfiles;
  readonly history: Pick<CreditHistory, 'of'>;
  readonly departments: readonly DepartmentDescriptor[];
  readonly decisions: FollowedDecisions;
  readonly clock: Clock;
  /** Tells of institutions of which something other than a department's record has changed, until it resolves. */
  readonly follow?: (changed: (codes: readonly CreditCode[]) => Promise<void>) => Promise<void>;
  /** Told of profiles before they are written: of every one at least once. */
  readonly onComputed?: (profiles: readonly CreditProfile[]) => Promise<void>;
  /** Told of profiles that were written for another reason than a change in the replica. */
  readonly onRewritten?: (codes: readonly CreditCode[]) => Promise<void>;
  /** Those of the hub when not given. */
  readonly models?: readonly RiskModel[];
}

export function creditConsumer(parts: CreditConsumerParts): ChangeConsumer {
  const { replica, profiles, history, departments, decisions, clock, models = MODELS } = parts;
  const refresh = async (codes: readonly CreditCode[]): Promise<void> => {
    for (const some of chunksOf(codes, CODES_AT_ONCE)) {
      await profiles.rewrite(some, async (wanted) => {
        await decisions.refresh();
        // What departments hold is read last: whoever is told of a change in it comes after.
        const histories = await history.of(wanted);
        const facts = await institutionFacts(replica.models, departments, decisions, wanted);
        const now = clock.now();
        const computed = new Map(
          wanted.map((code): [CreditCode, CreditProfile | null] => {
            const own = facts.get(code);
            return [code, own === undefined ? null : profileOf(own, histories.get(code) ?? NO_HISTORY, now, models)];
          }),
        );
        await parts.onComputed?.([...computed.values()].flatMap((profile) => profile ?? []));
        return computed;
      });
    }
  };
  const refreshOthers = async (codes: readonly CreditCode[]): Promise<void> => {
    await refresh(codes);
    await parts.onRewritten?.(codes);
  };
  /** What departments hold is not read again: every change in it is told, and computed with, by itself. */
  const refreshByTime = async (codes: readonly CreditCode[], now: Date): Promise<void> => {
    const changed = await profiles.rewrite(codes, async (wanted, known) => {
      const computed = new Map(
        wanted.map((code): [CreditCode, CreditProfile | null] => {
          const own = known.get(code);
          return [code, own === undefined ? null : profileAnew(own, now, models)];
        }),
      );
      await parts.onComputed?.([...computed.values()].flatMap((profile) => profile ?? []));
      return computed;
    });
    if (changed.length > 0) await parts.onRewritten?.(changed);
  };
  return {
    name: CREDIT_PROFILES,
    layout: CREDIT_PROFILES_LAYOUT,
    refresh,
    async refreshDue() {
      await parts.follow?.(refreshOthers);
      const now = clock.now();
      const ruleset = rulesetOf(modelOn(calendarDateOf(now), models));
      // Each once in a run: another process may go by other rules while a new release is being rolled out.
      const seen = new Set<CreditCode>();
      for (;;) {
        const due = (await profiles.due(now, ruleset, CODES_AT_ONCE)).filter((code) => !seen.has(code));
        if (due.length === 0) return;
        await refreshByTime(due, now);
        for (const code of due) seen.add(code);
      }
    },
  };
}
