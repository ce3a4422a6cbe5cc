/**
 * One change of a recognition: what a command does to it, with the events that tell of it. Nothing is written here; the
 * store writes the whole outcome at once. A command that changes nothing emits nothing.
 */
import type { AggregateChange } from '../aggregate/aggregate.ts';
import { HubError } from '../errors.ts';
import { derived } from './derive.ts';
import type { Recognition, RecognitionEvent, RecognitionState, SyncTarget } from './recognition.ts';

interface Told {
  readonly departmentId?: string;
  readonly detail?: string;
}

export class RecognitionChange implements AggregateChange<Recognition> {
  #recognition: Recognition;
  readonly #before: Recognition;
  /** The last state of which an event tells. */
  #toldState: RecognitionState;

  constructor(
    recognition: Recognition,
    /** Who acts: the caller's name, or "hub". */
    readonly actor: string,
    readonly now: Date,
  ) {
    this.#recognition = recognition;
    this.#before = recognition;
    this.#toldState = recognition.state;
  }

  /** As it now is, with what follows from its parts. */
  get recognition(): Recognition {
    return { ...this.#recognition, ...derived(this.#recognition) };
  }

  get isChanged(): boolean {
    return this.#recognition !== this.#before;
  }

  set(part: Partial<Omit<Recognition, '_id' | 'revision' | 'targets'>>): void {
    this.#recognition = { ...this.#recognition, ...part };
  }

  setTarget(departmentId: string, part: Partial<SyncTarget>): void {
    const targets = this.#recognition.targets.map((each) =>
      each.departmentId === departmentId ? { ...each, ...part } : each,
    );
    this.#recognition = { ...this.#recognition, targets };
  }

  /** @throws HubError INPUT_INVALID when it is not one of those that rely on it */
  targetOf(departmentId: string): SyncTarget {
    const target = this.#recognition.targets.find((each) => each.departmentId === departmentId);
    if (target !== undefined) return target;
    throw new HubError('INPUT_INVALID', `Department ${departmentId} does not rely on this recognition.`);
  }

  /** @throws HubError RECOGNITION_STATE when it is in none of these states */
  demandState(allowed: readonly RecognitionState[], act: string): void {
    const { state } = this.recognition;
    if (allowed.includes(state)) return;
    throw new HubError(
      'RECOGNITION_STATE',
      `The recognition is ${state}; "${act}" is possible from ${allowed.join(', ')}.`,
      { details: { state } },
    );
  }

  /** Moves it on and tells so. @throws HubError RECOGNITION_STATE when it is in none of these states */
  advance(from: readonly RecognitionState[], to: RecognitionState, act: string, detail?: string): void {
    this.demandState(from, act);
    this.set({ state: to });
    this.#toldState = to;
    this.emit(to, detail === undefined ? {} : { detail });
  }

  /** Tells of the state that its parts now amount to, if it is another one. @returns whether it is */
  tellState(detail?: string): boolean {
    const { state } = this.recognition;
    if (state === this.#toldState) return false;
    const isRestored = this.#toldState === 'SUSPENDED' || this.#toldState === 'REVOKED';
    this.#toldState = state;
    const kind = isRestored && (state === 'RECOGNIZED' || state === 'SYNCED') ? 'RESTORED' : state;
    this.emit(kind, detail === undefined ? {} : { detail });
    return true;
  }

  /** Id of the event that {@link emit} makes next. */
  get nextEventId(): string {
    return `${this.#recognition._id}.${this.#recognition.eventCount + 1}`;
  }

  emit(kind: string, { departmentId, detail }: Told = {}): void {
    const { recognition } = this;
    const event: RecognitionEvent = {
      eventId: this.nextEventId,
      kind,
      at: this.now,
      actor: this.actor,
      recognitionId: recognition._id,
      ordinal: recognition.eventCount + 1,
      state: recognition.state,
      departmentId: departmentId ?? null,
      detail: detail ?? null,
      institutionCode: recognition.institution.creditCode,
      regionCode: recognition.institution.regionCode,
      requesterId: recognition.requesterId,
      targetIds: recognition.targetIds,
    };
    this.#recognition = {
      ...recognition,
      eventCount: recognition.eventCount + 1,
      pendingEvents: [...recognition.pendingEvents, event],
    };
  }

  outcome(): Recognition {
    if (!this.isChanged) return this.recognition;
    this.tellState();
    const { state, revokedAt } = this.recognition;
    if ((state === 'REVOKED') !== (revokedAt !== null)) this.set({ revokedAt: revokedAt === null ? this.now : null });
    return this.recognition;
  }
}
