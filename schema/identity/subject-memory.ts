/** The registry's facts by which institutions are matched, as last seen, so that matching works while it is silent. */
import type { InstitutionRecord } from '../records.ts';
import { comparableName } from './institution-name.ts';
import type { SubjectFacts } from './station-index.ts';

const CAPACITY = 100_000;

function nameKey(facts: SubjectFacts): string {
  return `${facts.regionCode ?? ''} ${comparableName(facts.name)}`;
}

export class SubjectMemory {
  readonly #facts = new Map<string, SubjectFacts>();
  readonly #codesOfName = new Map<string, Set<string>>();
  readonly #codeOfCma = new Map<string, string>();

  remember(record: InstitutionRecord): void {
    if (record.creditCode === null) return;
    const { creditCode, name, regionCode, cmaNumbers } = record;
    this.#forget(creditCode);
    const facts: SubjectFacts = { creditCode, name, regionCode, cmaNumbers };
    this.#facts.set(creditCode, facts);
    const codes = this.#codesOfName.get(nameKey(facts)) ?? new Set();
    this.#codesOfName.set(nameKey(facts), codes.add(creditCode));
    for (const number of cmaNumbers) this.#codeOfCma.set(number, creditCode);
    const oldest = this.#facts.keys().next();
    if (this.#facts.size > CAPACITY && !oldest.done) this.#forget(oldest.value);
  }

  factsOf(creditCode: string): SubjectFacts | undefined {
    return this.#facts.get(creditCode);
  }

  /** Whether another institution of the same region is known by the same name. */
  sharesName(facts: SubjectFacts): boolean {
    const codes = this.#codesOfName.get(nameKey(facts));
    return codes !== undefined && codes.size > (codes.has(facts.creditCode) ? 1 : 0);
  }

  creditCodeOfCma(cmaNumber: string): string | undefined {
    return this.#codeOfCma.get(cmaNumber);
  }

  #forget(creditCode: string): void {
    const facts = this.#facts.get(creditCode);
    if (facts === undefined) return;
    this.#facts.delete(creditCode);
    this.#codesOfName.get(nameKey(facts))?.delete(creditCode);
    for (const number of facts.cmaNumbers) {
      if (this.#codeOfCma.get(number) === creditCode) this.#codeOfCma.delete(number);
    }
  }
}
