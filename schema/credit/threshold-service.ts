/** Serious thresholds as cases: raised by the hub with the counted rows, decided by a person. */
import type { Caller } from '../access/caller.ts';
import { demand, demandEver } from '../access/policy.ts';
import { HubError } from '../errors.ts';
import type { FindSubject, NoticeService } from '../notice/notice-service.ts';
import type { Clock } from '../ports.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import type { CaseStore } from './case-store.ts';
import { withEvent } from './credit-case.ts';
import type { CreditProfile } from './credit-profile.ts';
import { reasonOf } from './reason.ts';
import { openThreshold, reachAgain, thresholdCaseId, type ThresholdCase } from './threshold-case.ts';

export interface ThresholdServiceParts {
  readonly store: CaseStore<ThresholdCase>;
  readonly clock: Clock;
}

export interface ThresholdDecision {
  readonly proceed: boolean;
  readonly reason: string;
}

export class ThresholdService {
  readonly #parts: ThresholdServiceParts;

  constructor(parts: ThresholdServiceParts) {
    this.#parts = parts;
  }

  get store(): CaseStore<ThresholdCase> {
    return this.#parts.store;
  }

  /** Raises what these profiles have reached and nobody has been told of. May be told again of the same ones. */
  async note(profiles: readonly CreditProfile[]): Promise<void> {
    const { store, clock } = this.#parts;
    for (const profile of profiles) {
      for (const count of profile.thresholds.filter(({ reached }) => reached)) {
        const now = clock.now();
        const today = calendarDateOf(now);
        if (await store.insert(openThreshold(profile, count, now, today))) continue;
        const id = thresholdCaseId(profile.creditCode, count);
        await store.update(id, (known) => reachAgain(known, profile, count, now, today));
      }
    }
  }

  /**
   * A person says what follows. Proceeding makes a notice in state DRAFT of the caller's department, where there is one to
   * be made; nothing is issued. Repeated with the same word, it changes nothing.
   * @throws HubError CONFLICT when it was decided otherwise, and those of the policy and of the notice service
   */
  async decide(
    caller: Caller,
    id: string,
    { proceed, reason }: ThresholdDecision,
    notices: { readonly service: NoticeService; readonly findSubject: FindSubject } | null,
  ): Promise<ThresholdCase> {
    const { store, clock } = this.#parts;
    demandEver(caller, 'threshold:decide');
    const known = await store.get(id);
    demand(caller, 'threshold:decide', { departmentIds: known.departmentIds, regionCode: known.regionCode });
    const words = reasonOf(reason);
    const state = proceed ? 'PROCEEDED' : 'DISMISSED';
    if (known.state === state) return known;
    if (known.state !== 'OPEN') throw new HubError('CONFLICT', `The case was decided before: ${known.state}.`);
    // The key of the draft is its own: whoever is killed in between finds the same notice again.
    const drafted =
      proceed && known.draft !== null && notices !== null
        ? await notices.service.issue(caller, { ...known.draft, stage: 'DRAFT' }, notices.findSubject)
        : null;
    return await store.update(id, (current) => {
      if (current.state !== 'OPEN') throw new HubError('CONFLICT', `The case was decided before: ${current.state}.`);
      const now = clock.now();
      return withEvent(
        { ...current, state, decidedAt: now, decidedBy: caller.subject, reason: words, noticeId: drafted?._id ?? null },
        { kind: `SERIOUS_THRESHOLD_${state}`, at: now, actor: caller.subject, detail: words },
      );
    });
  }
}
