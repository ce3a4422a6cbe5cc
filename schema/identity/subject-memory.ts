/** The registry's facts by which institutions are matched, as last seen, so that matching works while it is silent. */
import type { InstitutionRecord } from '../records.ts';
import { comparableName, looseName } from './institution-name.ts';
import { regionKey, type SharedNames, type SubjectFacts } from './station-index.ts';

const CAPACITY = 100_000;

const nameKey = ({ regionCode, name }: SubjectFacts): string => `${regionKey(regionCode)} ${comparableName(name)}`;
const looseNameKey = ({ regionCode, name }: SubjectFacts): string => `${regionKey(regionCode)} ${looseName(name)}`;

/** Which codes go by a key; keys without codes are not kept. */
class CodesByKey {
  readonly #codes = new Map<string, Set<string>>();

  add(key: string, code: string): void {
    const codes = this.#codes.get(key) ?? new Set();
    this.#codes.set(key, codes.add(code));
  }

  delete(key: string, code: string): void {
    const codes = this.#codes.get(key);
    codes?.delete(code);
    if (codes?.size === 0) this.#codes.delete(key);
  }

  isSharedWithAnother(key: string, code: string): boolean {
    const codes = this.#codes.get(key);
    return codes !== undefined && codes.size > (codes.has(code) ? 1 : 0);
  }
}

/** What is known of institutions when their local numbers are looked for. */
export type Subjects = Pick<SubjectMemory, 'remember' | 'factsOf' | 'sharedNames' | 'creditCodeOfCma'>;

export class SubjectMemory {
  readonly #facts = new Map<string, SubjectFacts>();
  readonly #byName = new CodesByKey();
  readonly #byLooseName = new CodesByKey();
  readonly #codeOfCma = new Map<string, string>();

  remember(record: InstitutionRecord): void {
    if (record.creditCode === null) return;
    const { creditCode, name, regionCode, cmaNumbers } = record;
    this.#forget(creditCode);
    const facts: SubjectFacts = { creditCode, name, regionCode, cmaNumbers };
    this.#facts.set(creditCode, facts);
    this.#byName.add(nameKey(facts), creditCode);
    this.#byLooseName.add(looseNameKey(facts), creditCode);
    for (const number of cmaNumbers) this.#codeOfCma.set(number, creditCode);
    const oldest = this.#facts.keys().next();
    if (this.#facts.size > CAPACITY && !oldest.done) this.#forget(oldest.value);
  }

  factsOf(creditCode: string): SubjectFacts | undefined {
    return this.#facts.get(creditCode);
  }

  /** Whether another institution of the same region is known by the same name. */
  sharedNames(facts: SubjectFacts): SharedNames {
    return {
      name: this.#byName.isSharedWithAnother(nameKey(facts), facts.creditCode),
      looseName: this.#byLooseName.isSharedWithAnother(looseNameKey(facts), facts.creditCode),
    };
  }

  creditCodeOfCma(cmaNumber: string): string | undefined {
    return this.#codeOfCma.get(cmaNumber);
  }

  #forget(creditCode: string): void {
    const facts = this.#facts.get(creditCode);
    if (facts === undefined) return;
    this.#facts.delete(creditCode);
    this.#byName.delete(nameKey(facts), creditCode);
    this.#byLooseName.delete(looseNameKey(facts), creditCode);
    for (const number of facts.cmaNumbers) {
      if (this.#codeOfCma.get(number) === creditCode) this.#codeOfCma.delete(number);
    }
  }
}
