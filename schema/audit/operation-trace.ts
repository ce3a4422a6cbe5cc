/** What one operation touched, noted by loaders and resolvers while it runs. */
import type { PersonalKind } from '../access/class-rules.ts';
import { subjectKey, type PersonKeys, type SubjectKind } from './subject-key.ts';

/** Subjects that one record lists. */
const MOST_SUBJECTS = 2_000;

export interface Traced {
  readonly subjects: readonly string[];
  readonly moreSubjects: number;
  readonly records: number;
  /** Questions to departments that were not put, because the caller may not see the facts. */
  readonly denied: number;
  readonly upstreamCalls: Readonly<Record<string, number>>;
}

export class OperationTrace {
  readonly #keys: PersonKeys | null;
  readonly #subjects = new Set<string>();
  readonly #calls = new Map<string, number>();
  #moreSubjects = 0;
  #records = 0;
  #denied = 0;

  /** @param keys null: persons and vehicles cannot be put on record */
  constructor(keys: PersonKeys | null = null) {
    this.#keys = keys;
  }

  touch(kind: SubjectKind, number: string): void {
    const key = subjectKey(kind, number);
    if (key !== null) this.#add(key);
  }

  /** Personal data was shown as it is. */
  touchPersonal(kind: PersonalKind, value: string): void {
    if (this.#keys === null) return;
    const isOfVehicle = kind === 'VIN' || kind === 'PLATE';
    this.#add(isOfVehicle ? this.#keys.vehicle(value) : this.#keys.person(value));
  }

  /** A department was not asked, because the caller may not see its facts. */
  denied(): void {
    this.#denied += 1;
  }

  /** Records that came for the operation. */
  received(records: number): void {
    this.#records += records;
  }

  /** A department is called now. */
  called(departmentId: string): void {
    this.#calls.set(departmentId, (this.#calls.get(departmentId) ?? 0) + 1);
  }

  /** What was noted since it was last taken. */
  take(): Traced {
    const traced = {
      subjects: [...this.#subjects].sort(),
      moreSubjects: this.#moreSubjects,
      records: this.#records,
      denied: this.#denied,
      upstreamCalls: Object.fromEntries(this.#calls),
    };
    this.#subjects.clear();
    this.#calls.clear();
    this.#moreSubjects = 0;
    this.#records = 0;
    this.#denied = 0;
    return traced;
  }

  #add(key: string): void {
    if (this.#subjects.size < MOST_SUBJECTS) this.#subjects.add(key);
    else if (!this.#subjects.has(key)) this.#moreSubjects += 1;
  }
}
