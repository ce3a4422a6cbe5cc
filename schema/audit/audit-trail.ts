/**
 * Puts operations on record, in a chain of this process alone: no two processes ever write to one chain, so nobody waits
 * for another, and a process that was killed leaves a chain that ends with its last whole record. One writer per process
 * writes all that waits at once; the chains of all processes are tied together by anchors.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { HubError } from '../errors.ts';
import { formatInstant } from '../time/instant.ts';
import { hashOf, startOfChain, type AuditEntry, type AuditRecord } from './audit-record.ts';
import type { AuditStore } from './audit-store.ts';

export interface AuditTrailOptions {
  readonly store: AuditStore;
  /** Told once when records cannot be written any more. */
  readonly onFailure: (error: unknown) => void;
  readonly now?: () => Date;
  /** Longest wait of an operation for its record. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 1_000;
/** What nobody waits for is written with the next record that somebody does wait for, or after this time. */
const LINGER_MS = 100;
const MOST_AT_ONCE = 500;
/** Of what may be left out: public reads and refusals. */
const MOST_WAITING = 10_000;
const RETRY_MS = 500;
const ATTEMPTS_AT_CLOSE = 3;

interface Waiting {
  entry: AuditEntry;
  readonly at: string;
  /** null: nobody waits for it. */
  readonly settle: ((error: HubError | null) => void) | null;
}

interface Batch {
  readonly records: readonly AuditRecord[];
  readonly waiting: readonly Waiting[];
}

/** What can be left out when too much waits: nothing was done that is not on record otherwise. */
const mayBeLost = ({ kind }: AuditEntry): boolean => kind === 'SERVED' || kind === 'REFUSED';

const unavailable = (): HubError =>
  new HubError(
    'AUDIT_UNAVAILABLE',
    'The operation could not be put on record, so it was not carried out; try again later.',
  );

const NOTHING_DONE = {
  subjects: [],
  moreSubjects: 0,
  records: 0,
  denied: 0,
  events: 0,
  upstreamCalls: {},
  durationMs: 0,
} as const;

/** The refusal of an operation that could not be put on record, for when records can be written again. */
const refusalOf = (entry: AuditEntry, kind: 'CLOSED' | 'REFUSED'): AuditEntry => ({
  ...entry,
  kind,
  outcome: { ...NOTHING_DONE, result: 'REFUSED', codes: ['AUDIT_UNAVAILABLE'] },
});

/** "20260302T100500-1f3a9c0d2b4e": in order of their beginning. */
const newChain = (now: Date): string =>
  `${formatInstant(now).slice(0, 19).replaceAll(/[-:]/g, '')}-${randomBytes(6).toString('hex')}`;

export class AuditTrail {
  readonly chain: string;
  readonly #options: AuditTrailOptions;
  readonly #now: () => Date;
  readonly #waiting: Waiting[] = [];
  #sequence = 0;
  #previous: string;
  #lost = 0;
  /** Written perhaps, perhaps not: the same records are written again until it is certain. */
  #unsure: Batch | null = null;
  #isFailing = false;
  #isClosing = false;
  #lingering: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;

  constructor(options: AuditTrailOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.chain = newChain(this.#now());
    this.#previous = startOfChain(this.chain);
  }

  /** Whether there is anything that an anchor could hold. */
  get hasBegun(): boolean {
    return this.#sequence > 0;
  }

  /**
   * Puts on record that an operation begins, and resolves when that is durable.
   * @throws HubError AUDIT_UNAVAILABLE; the operation must not be carried out then, and its refusal is put on record
   */
  async open(entry: AuditEntry): Promise<void> {
    if (this.#isFailing) {
      this.note(refusalOf(entry, 'REFUSED'));
      throw unavailable();
    }
    let waiting: Waiting | null = null;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const settle = (error: HubError | null): void => (error === null ? resolve() : reject(error));
        waiting = { entry, at: formatInstant(this.#now()), settle };
        this.#waiting.push(waiting);
        timer = setTimeout(() => this.#giveUp(waiting), this.#options.patienceMs ?? PATIENCE_MS);
        this.#write();
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Puts something on record as soon as it can be, and keeps it until then. */
  note(entry: AuditEntry): void {
    if (mayBeLost(entry) && this.#waiting.length >= MOST_WAITING) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push({ entry, at: formatInstant(this.#now()), settle: null });
    if (this.#waiting.length >= MOST_AT_ONCE) this.#write();
    else this.#lingering ??= setTimeout(() => this.#write(), LINGER_MS);
  }

  /** Writes what waits; what cannot be written after a few attempts is lost. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#write();
    await this.#writing;
  }

  #write(): void {
    if (this.#lingering !== null) clearTimeout(this.#lingering);
    this.#lingering = null;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
  }

  async #writeAll(): Promise<void> {
    let failures = 0;
    while (this.#unsure !== null || this.#waiting.length > 0) {
      const isRepeated = this.#unsure !== null;
      const batch = this.#unsure ?? this.#nextBatch();
      try {
        if (batch.records[0]?.sequence === 1) await this.#options.store.noteChain(this.chain, this.#now());
        await this.#options.store.append(batch.records, isRepeated);
        this.#unsure = null;
        this.#isFailing = false;
        failures = 0;
        for (const { settle } of batch.waiting) settle?.(null);
      } catch (error) {
        failures += 1;
        this.#fail(batch, error);
        if (this.#isClosing && failures === ATTEMPTS_AT_CLOSE) return;
        await delay(RETRY_MS, undefined, { ref: this.#isClosing });
      }
    }
  }

  #nextBatch(): Batch {
    const waiting = this.#waiting.splice(0, MOST_AT_ONCE);
    const records = waiting.map(({ entry, at }): AuditRecord => {
      const lost = this.#lost;
      this.#lost = 0;
      this.#sequence += 1;
      const place = { chain: this.chain, sequence: this.#sequence, at, lost, previous: this.#previous };
      const hash = hashOf({ ...entry, ...place });
      this.#previous = hash;
      return { ...entry, ...place, hash };
    });
    return { records, waiting };
  }

  #fail(batch: Batch, error: unknown): void {
    if (!this.#isFailing) this.#options.onFailure(error);
    this.#isFailing = true;
    const isNew = this.#unsure === null;
    this.#unsure = batch;
    if (isNew) for (const each of batch.waiting) this.#refuse(each, 'CLOSED');
    for (const each of [...this.#waiting]) if (each.settle !== null) this.#giveUp(each);
  }

  /** Its time is up: what was not sent becomes a refusal, what was sent is closed as one. */
  #giveUp(waiting: Waiting | null): void {
    if (waiting === null) return;
    const place = this.#waiting.indexOf(waiting);
    if (place >= 0) this.#waiting.splice(place, 1);
    this.#refuse(waiting, place >= 0 ? 'REFUSED' : 'CLOSED');
  }

  #refuse({ entry, settle }: Waiting, kind: 'CLOSED' | 'REFUSED'): void {
    if (settle === null) return;
    this.note(refusalOf(entry, kind));
    settle(unavailable());
  }
}
