/**
 * Keeps the credit profiles of institutions in step with all that they rest on. They are made together with the entries of
 * the search index, by the same facts, which are read once.
 */
import type { CreditCode } from '../codes/credit-code.ts';
import type { FollowedDecisions } from '../identity/station-decisions.ts';
import type { Clock, DepartmentDescriptor } from '../ports.ts';
import { institutionFacts, type InstitutionFacts } from '../replica/institution-facts.ts';
import type { ChangeConsumer } from '../replica/projector.ts';
import type { Replica } from '../replica/replica.ts';
import type { Risk } from '../search/entry-of.ts';
import type { KnownInstitutions } from '../search/institution-index.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import type { CreditHistory } from './credit-history.ts';
import { NO_HISTORY, profileAnew, profileOf, type CreditProfile } from './credit-profile.ts';
import type { CreditProfiles } from './credit-profiles.ts';
import { modelOn, MODELS, type RiskModel } from './risk-model.ts';
import { rulesetOf } from './ruleset.ts';

export const CREDIT_PROFILES = 'credit-profiles';
/** Raised when profiles are made otherwise than before by the same edition of the model. */
export const CREDIT_PROFILES_LAYOUT = 2;

const CODES_AT_ONCE = 500;

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
  /** Makes all anew that is computed of these institutions: something has changed that no department has said. */
  readonly refresh: (codes: readonly CreditCode[]) => Promise<void>;
  /**
   * Told of profiles that time alone makes others, before they are written: notes what else is to be made anew, so that
   * nothing is forgotten by whoever is killed in between.
   */
  readonly markTurned: (codes: readonly CreditCode[]) => Promise<void>;
  /** Those of the hub when not given. */
  readonly models?: readonly RiskModel[];
}

export interface CreditConsumer extends ChangeConsumer {
  /** Makes the profiles of these institutions. @returns what they were made of, and what came of it */
  compute(codes: readonly CreditCode[]): Promise<KnownInstitutions>;
}

type Computed = ReadonlyMap<CreditCode, CreditProfile | null>;

const profilesIn = (computed: Computed): readonly CreditProfile[] =>
  [...computed.values()].flatMap((profile) => profile ?? []);

const riskOf = ({ riskScore, riskClass, inputs: { repairs } }: CreditProfile): Risk => ({
  ...{ riskScore, riskClass, repairs },
});

export function creditConsumer(parts: CreditConsumerParts): CreditConsumer {
  const { replica, profiles, history, departments, decisions, clock, models = MODELS } = parts;
  /** What departments hold is not read again: every change in it is told, and computed with, by itself. */
  const computeAnew = async (codes: readonly CreditCode[], now: Date): Promise<void> => {
    const compute = async (wanted: readonly CreditCode[], known: ReadonlyMap<CreditCode, CreditProfile>) => {
      const computed = new Map(
        wanted.map((code): [CreditCode, CreditProfile | null] => {
          const own = known.get(code);
          return [code, own === undefined ? null : profileAnew(own, now, models)];
        }),
      );
      await parts.onComputed?.(profilesIn(computed));
      return computed;
    };
    await profiles.rewrite(codes, compute, parts.markTurned);
  };
  return {
    name: CREDIT_PROFILES,
    layout: CREDIT_PROFILES_LAYOUT,
    async compute(codes) {
      const facts = new Map<CreditCode, InstitutionFacts>();
      const risks = new Map<CreditCode, Risk>();
      await profiles.rewrite(codes, async (wanted) => {
        await decisions.refresh();
        // What departments hold is read last: whoever is told of a change in it comes after.
        const histories = await history.of(wanted);
        const held = await institutionFacts(replica.models, departments, decisions, wanted);
        const now = clock.now();
        const computed = new Map(
          wanted.map((code): [CreditCode, CreditProfile | null] => {
            const own = held.get(code);
            return [code, own === undefined ? null : profileOf(own, histories.get(code) ?? NO_HISTORY, now, models)];
          }),
        );
        await parts.onComputed?.(profilesIn(computed));
        // Perhaps for the second time: what was made of older facts has not been written.
        for (const code of wanted) facts.delete(code);
        for (const [code, own] of held) facts.set(code, own);
        for (const profile of profilesIn(computed)) risks.set(profile.creditCode, riskOf(profile));
        return computed;
      });
      return { facts, risks };
    },
    /** With the entry of the index: see `compute`. */
    refresh: () => Promise.resolve(),
    async refreshDue() {
      await parts.follow?.(parts.refresh);
      const now = clock.now();
      const ruleset = rulesetOf(modelOn(calendarDateOf(now), models));
      // Each once in a run: another process may go by other rules while a new release is being rolled out.
      const seen = new Set<CreditCode>();
      for (;;) {
        const due = (await profiles.due(now, ruleset, CODES_AT_ONCE)).filter((code) => !seen.has(code));
        if (due.length === 0) return;
        await computeAnew(due, now);
        for (const code of due) seen.add(code);
      }
    },
  };
}
