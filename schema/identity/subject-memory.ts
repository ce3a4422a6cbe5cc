/** The registry's facts by which institutions are matched, as last seen, so that matching works while it is silent. */
import type { CreditCode } from '../codes/credit-code.ts';
import type { DirectoryEntry } from '../ports.ts';
import type { InstitutionRecord } from '../records.ts';
import { comparableName, looseName } from './institution-name.ts';
import { regionKey } from './place.ts';
import type { SharedIdentity, SubjectFacts } from './subject-facts.ts';

/** More than the country has such bodies; bounds what a register that has gone wrong can take. */
const CAPACITY = 300_000;
const NOBODY: ReadonlySet<CreditCode> = new Set();
const NO_NUMBERS: ReadonlySet<string> = new Set();

/** Which codes go by a key; keys without codes are not kept. */
class CodesByKey {
  /** A set only where several share the key, which few do. */
  readonly #codes = new Map<string, CreditCode | Set<CreditCode>>();

  add(key: string, code: CreditCode): void {
    const known = this.#codes.get(key);
    if (known === undefined) this.#codes.set(key, code);
    else if (typeof known === 'string') this.#codes.set(key, new Set([known, code]));
    else known.add(code);
  }

  delete(key: string, code: CreditCode): void {
    const known = this.#codes.get(key);
    if (known === code) this.#codes.delete(key);
    else if (known instanceof Set && known.delete(code) && known.size === 0) this.#codes.delete(key);
  }

  get(key: string): ReadonlySet<CreditCode> {
    const known = this.#codes.get(key);
    if (known === undefined) return NOBODY;
    return typeof known === 'string' ? new Set([known]) : known;
  }

  /** Whether somebody has the key and it is not, or not only, this one. */
  isAnothers(key: string, code: CreditCode): boolean {
    const known = this.#codes.get(key);
    if (known === undefined || known === code) return false;
    return typeof known === 'string' || known.size > (known.has(code) ? 1 : 0);
  }
}

const sameFacts = (a: SubjectFacts, b: SubjectFacts): boolean =>
  a.name === b.name && a.regionCode === b.regionCode && a.cmaNumbers.join() === b.cmaNumbers.join();

export class SubjectMemory {
  readonly #facts = new Map<CreditCode, SubjectFacts>();
  readonly #byLooseName = new CodesByKey();
  readonly #byCma = new CodesByKey();
  readonly #capacity: number;
  #version = 0;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  /** Raised by every change of what is remembered. */
  get version(): number {
    return this.#version;
  }

  remember(record: Pick<InstitutionRecord, 'creditCode' | 'name' | 'regionCode' | 'cmaNumbers'>): void {
    if (record.creditCode === null) return;
    const { creditCode, name, regionCode, cmaNumbers } = record;
    const facts: SubjectFacts = { creditCode, name, regionCode, cmaNumbers };
    const known = this.#facts.get(creditCode);
    if (known !== undefined && sameFacts(known, facts)) {
      // Seen again: the last one to be forgotten.
      this.#facts.delete(creditCode);
      this.#facts.set(creditCode, known);
      return;
    }
    this.forget(creditCode);
    this.#version += 1;
    this.#facts.set(creditCode, facts);
    this.#byLooseName.add(looseName(name), creditCode);
    for (const number of cmaNumbers) this.#byCma.add(number, creditCode);
    const oldest = this.#facts.keys().next();
    if (this.#facts.size > this.#capacity && !oldest.done) this.forget(oldest.value);
  }

  forget(creditCode: CreditCode): void {
    const facts = this.#facts.get(creditCode);
    if (facts === undefined) return;
    this.#version += 1;
    this.#facts.delete(creditCode);
    this.#byLooseName.delete(looseName(facts.name), creditCode);
    for (const number of facts.cmaNumbers) this.#byCma.delete(number, creditCode);
  }

  factsOf(creditCode: CreditCode): SubjectFacts | undefined {
    return this.#facts.get(creditCode);
  }

  all(): Iterable<SubjectFacts> {
    return this.#facts.values();
  }

  /** What of the institution's identity others have too: names count within its region, numbers everywhere. */
  sharedBy(facts: SubjectFacts): SharedIdentity {
    const { creditCode, name, regionCode, cmaNumbers } = facts;
    const shared = cmaNumbers.filter((number) => this.#byCma.isAnothers(number, creditCode));
    const numbers = shared.length === 0 ? NO_NUMBERS : new Set(shared);
    if (!this.#byLooseName.isAnothers(looseName(name), creditCode))
      return { name: false, looseName: false, cmaNumbers: numbers };
    const [region, comparable] = [regionKey(regionCode), comparableName(name)];
    const rivals = [...this.#byLooseName.get(looseName(name))].flatMap((code) => {
      const rival = this.#facts.get(code);
      return rival === undefined || code === creditCode || regionKey(rival.regionCode) !== region ? [] : [rival];
    });
    return {
      name: rivals.some((rival) => comparableName(rival.name) === comparable),
      looseName: rivals.length > 0,
      cmaNumbers: numbers,
    };
  }

  /** Whether the register has a CMA number for others and not for this institution. */
  isNumberOfOthers(cmaNumber: string, creditCode: CreditCode): boolean {
    return this.#byCma.isAnothers(cmaNumber, creditCode) && !this.#byCma.get(cmaNumber).has(creditCode);
  }

  /** Every institution that has something of the entry: its code, one of its CMA numbers or its name, wherever. */
  near({ creditCode, cmaNumbers, name }: Omit<DirectoryEntry, 'localId'>): readonly SubjectFacts[] {
    const loose = looseName(name);
    const codes = new Set<CreditCode>(creditCode === null ? [] : [creditCode]);
    for (const number of cmaNumbers) for (const code of this.#byCma.get(number)) codes.add(code);
    if (loose !== '') for (const code of this.#byLooseName.get(loose)) codes.add(code);
    return [...codes].flatMap((code) => this.#facts.get(code) ?? []);
  }
}
