import type { Facts } from './facts.ts';
import { indexOfCertificate, indexOfReport } from './numbers.ts';
import { SUBJECTS } from './subjects.ts';
import type { WorldInstitution } from './types.ts';

/**
 * Finds the owners of report and certificate numbers. Numbers of generated institutions tell their owner; those of the
 * subjects do not always, so theirs are collected once, when the first number is looked up.
 */
export class NumberLookup {
  readonly #facts: Facts;
  readonly #institutions: readonly WorldInstitution[];
  #subjectReports: ReadonlyMap<string, readonly WorldInstitution[]> | null = null;
  #subjectCertificates: ReadonlyMap<string, readonly WorldInstitution[]> | null = null;

  constructor(facts: Facts, institutions: readonly WorldInstitution[]) {
    this.#facts = facts;
    this.#institutions = institutions;
  }

  /** All institutions that have used this report number; several only where one was used twice. */
  ownersOfReport(number: string): readonly WorldInstitution[] {
    this.#subjectReports ??= bySubject((subject) => reportNumbersOf(this.#facts, subject));
    const owner = this.#generated(indexOfReport(number));
    const subjects = this.#subjectReports.get(number) ?? [];
    return owner !== undefined && reportNumbersOf(this.#facts, owner).has(number) ? [...subjects, owner] : subjects;
  }

  ownerOfCertificate(number: string): WorldInstitution | undefined {
    this.#subjectCertificates ??= bySubject((subject) => certificateNumbersOf(this.#facts, subject));
    const [subject] = this.#subjectCertificates.get(number) ?? [];
    if (subject !== undefined) return subject;
    const owner = this.#generated(indexOfCertificate(number));
    return owner !== undefined && certificateNumbersOf(this.#facts, owner).has(number) ? owner : undefined;
  }

  #generated(index: number | null): WorldInstitution | undefined {
    const institution = index === null ? undefined : this.#institutions[index];
    return institution?.key === null ? institution : undefined;
  }
}

/** A number may be missing in the register although a department knows it from the test. */
function reportNumbersOf(facts: Facts, institution: WorldInstitution): ReadonlySet<string> {
  return new Set([
    ...facts.reports(institution).map(({ number }) => number),
    ...facts.laboratoryTests(institution).map(({ reportNumber }) => reportNumber),
    ...facts
      .visits(institution)
      .flatMap(({ emission, road }) => [emission?.reportNumber ?? [], road?.reportNumber ?? []].flat()),
  ]);
}

function certificateNumbersOf(facts: Facts, institution: WorldInstitution): ReadonlySet<string> {
  return new Set(facts.certificates(institution).map(({ number }) => number));
}

function bySubject(
  numbersOf: (subject: WorldInstitution) => ReadonlySet<string>,
): ReadonlyMap<string, readonly WorldInstitution[]> {
  const owners = new Map<string, WorldInstitution[]>();
  for (const subject of SUBJECTS) {
    for (const number of numbersOf(subject)) owners.set(number, [...(owners.get(number) ?? []), subject]);
  }
  return owners;
}
