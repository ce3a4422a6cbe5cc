/**
 * Keeps in memory what the register says of every institution, from the replica, so that a rival of the same name is
 * known before anybody has asked for it, and a number that no institution has is told from one that has not been seen.
 */
import type { CreditCode } from '../codes/credit-code.ts';
import type { SourceRegistry } from '../ports.ts';
import { feedOf } from '../replica/facts.ts';
import { RegisterEntries } from '../replica/register-entries.ts';
import type { Replica } from '../replica/replica.ts';
import type { SubjectMemory } from './subject-memory.ts';

const REFRESH_MS = 5 * 60_000;
/** Until the replica has read the register once. */
const RETRY_MS = 5_000;

export class RegisterFollower {
  readonly #replica: Replica;
  readonly #subjects: SubjectMemory;
  readonly #departmentId: string | null;
  readonly #entries: RegisterEntries | null;
  readonly #onFailure: (error: unknown) => void;
  readonly #codes = new Map<string, CreditCode>();
  #timer: NodeJS.Timeout | null = null;
  #reading: Promise<boolean> | null = null;
  #isComplete = false;
  #isStopped = false;

  constructor({
    registry,
    replica,
    subjects,
    onFailure = () => undefined,
  }: {
    readonly registry: SourceRegistry;
    readonly replica: Replica;
    readonly subjects: SubjectMemory;
    readonly onFailure?: (error: unknown) => void;
  }) {
    const register = registry.all().find((source) => source.listInstitutions !== undefined);
    this.#replica = replica;
    this.#subjects = subjects;
    this.#departmentId = register?.department.id ?? null;
    this.#entries = register === undefined ? null : new RegisterEntries(replica.models, register.department.id);
    this.#onFailure = onFailure;
  }

  /** Reads now and keeps on reading; what has not changed is not read again. */
  start(): void {
    const again = (isRead: boolean): void => {
      if (this.#isStopped) return;
      this.#timer = setTimeout(() => this.start(), isRead ? REFRESH_MS : RETRY_MS);
      this.#timer.unref();
    };
    this.refresh().then(again, (error: unknown) => {
      if (!this.#isStopped) this.#onFailure(error);
      again(false);
    });
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Whether every institution of the register is in memory. */
  isComplete(): boolean {
    return this.#isComplete;
  }

  /**
   * Takes in what has changed; those who call at the same time share one reading.
   * @returns false while the replica has not read the register for the first time
   */
  refresh(): Promise<boolean> {
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #read(): Promise<boolean> {
    if (this.#entries === null || this.#departmentId === null) return false;
    const state = await this.#replica.states.of(feedOf(this.#departmentId, 'institutions'));
    if (state.loadedAt === null) return false;
    const gone = await this.#entries.read((recordId, entry) => {
      this.#moved(recordId, entry.creditCode);
      this.#subjects.remember(entry);
    });
    for (const recordId of gone) this.#moved(recordId, null);
    this.#isComplete = true;
    return true;
  }

  /** A record that has another code now, or none, no longer speaks for the one that it had. */
  #moved(recordId: string, creditCode: CreditCode | null): void {
    const before = this.#codes.get(recordId);
    if (creditCode === null) this.#codes.delete(recordId);
    else this.#codes.set(recordId, creditCode);
    if (before === undefined || before === creditCode) return;
    // Another record of the register may still speak for it.
    for (const code of this.#codes.values()) if (code === before) return;
    this.#subjects.forget(before);
  }
}
