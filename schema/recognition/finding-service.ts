/** Recording what the hub itself keeps of institutions: who may, and what is well-formed. */
import type { Caller } from '../access/caller.ts';
import { demand } from '../access/policy.ts';
import { HubError } from '../errors.ts';
import { reasonOf } from '../notice/reason.ts';
import type { Clock } from '../ports.ts';
import type { Clue, Finding, FindingKind, ProficiencyResult } from './finding.ts';
import type { FindingStore } from './finding-store.ts';

const NUMBER = /^[\w.()〔〕[\]\p{Script=Han}-]{1,64}$/u;

type Said<F extends Finding> = Omit<
  F,
  '_id' | 'departmentId' | 'revision' | 'recordedAt' | 'recordedBy' | 'isNews' | 'kind'
> & {
  /** The department's own. */
  readonly number: string;
};

export class FindingService {
  readonly #store: FindingStore;
  readonly #clock: Clock;
  readonly #onNews: () => void;

  /** @param onNews told after every record: what rests on the institution is to be looked at */
  constructor(store: FindingStore, clock: Clock, onNews: () => void) {
    this.#store = store;
    this.#clock = clock;
    this.#onNews = onNews;
  }

  /** @throws HubError INPUT_INVALID and those of the policy */
  async recordClue(caller: Caller, { number, note, ...clue }: Said<Clue>): Promise<Finding> {
    if (clue.reportNumber !== null && clue.concernsFrom !== null) {
      throw new HubError('INPUT_INVALID', 'A clue concerns one report, or all from a day on; not both.');
    }
    const stamp = this.#stamp(caller, 'CLUE', number, note);
    return await this.#record({ ...stamp, ...clue, kind: 'CLUE' });
  }

  /** @throws HubError INPUT_INVALID and those of the policy */
  async recordProficiency(caller: Caller, { number, note, ...result }: Said<ProficiencyResult>): Promise<Finding> {
    const { closedOn, evaluatedOn } = result;
    if (closedOn !== null && closedOn < evaluatedOn) {
      throw new HubError('INPUT_INVALID', '"closedOn" lies before "evaluatedOn".');
    }
    const stamp = this.#stamp(caller, 'PROFICIENCY', number, note);
    return await this.#record({ ...stamp, ...result, kind: 'PROFICIENCY' });
  }

  async ofInstitution(caller: Caller, creditCode: string): Promise<readonly Finding[]> {
    demand(caller, 'finding:read', {});
    return await this.#store.ofInstitution(creditCode);
  }

  async #record(finding: Finding): Promise<Finding> {
    const recorded = await this.#store.record(finding);
    if (recorded.isNews) this.#onNews();
    return recorded;
  }

  #stamp(caller: Caller, kind: FindingKind, number: string, note: string) {
    const { departmentId } = caller;
    demand(caller, 'finding:record', { departmentIds: departmentId === null ? [] : [departmentId] });
    if (departmentId === null) throw new HubError('FORBIDDEN', 'Only a department records findings.');
    if (!NUMBER.test(number)) {
      throw new HubError(
        'INPUT_INVALID',
        '"number" has 1 to 64 letters, digits, characters, dots, hyphens or brackets.',
      );
    }
    return {
      _id: `${kind}.${departmentId}.${number}`,
      departmentId,
      revision: 0,
      recordedAt: this.#clock.now(),
      recordedBy: caller.subject,
      note: reasonOf(note),
      isNews: true,
    };
  }
}
