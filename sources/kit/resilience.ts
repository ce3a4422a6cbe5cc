/**
 * Keeps one failing department from hurting the others, from outside in: circuit -> retry (reads only, and only while
 * somebody still waits) -> bounded concurrency -> deadline.
 */
import {
  bulkhead,
  BrokenCircuitError,
  BulkheadRejectedError,
  circuitBreaker,
  CircuitState as PolicyState,
  ConsecutiveBreaker,
  handleWhen,
} from 'cockatiel';
import { setTimeout as delay } from 'node:timers/promises';
import { HubError, type HubErrorCode } from '../../schema/errors.ts';
import type { CallScope, CircuitState, SourceHealthReport } from '../../schema/ports.ts';

export interface ResilienceSettings {
  readonly departmentName: string;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** What it means that the department did not answer, to end a message with. */
  readonly consequence?: string;
  /** Failures in a row that open the circuit. */
  readonly failuresToOpen?: number;
  /** Time after which an open circuit lets one call try. */
  readonly halfOpenAfterMs?: number;
}

const RECORDS_MISSING = 'its records are missing from this result';
const WAITING_PER_SLOT = 8;
const RETRY_PAUSE_MS = 60;
/** Not worth another attempt: the caller would not see its answer. */
const LEAST_USEFUL_MS = 150;
/** Less than this (or than its own time limit) is too short to say that a department is slow. */
const FAIR_WAIT_MS = 250;
/** Node fires a timer that is set for longer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const TECHNICAL: ReadonlySet<HubErrorCode> = new Set(['SOURCE_UNAVAILABLE', 'SOURCE_TIMEOUT', 'SOURCE_MALFORMED']);

export interface GuardedCall {
  readonly signal: AbortSignal;
}

/** The caller left, or its time was up, before the department had a fair chance: no failure of the department. */
class CallerGone extends Error {
  override readonly name = 'CallerGone';
}

/** Whether a failure only says that nobody waited for the answer any more. */
export function callerLeft({ cause }: HubError): boolean {
  return cause instanceof CallerGone;
}

const isOver = (scope: CallScope): boolean => scope.signal.aborted || scope.deadlineAt <= Date.now();

/**
 * Waits for a turn, but not longer than the caller waits; from the turn on the deadline of the attempt holds.
 * @param run must call `begun` when its turn has come
 */
async function whileWaiting<T>(scope: CallScope, run: (begun: () => void) => Promise<T>): Promise<T> {
  const watch = { needed: true, stop: (): void => undefined };
  const running = run(() => {
    watch.needed = false;
    watch.stop();
  });
  // Most calls do not wait at all.
  if (!watch.needed) return running;
  const gone = new Promise<never>((_, reject) => {
    const leave = (): void => {
      watch.stop();
      reject(new CallerGone('has not been asked in the time that was left'));
    };
    const leftMs = Math.max(0, scope.deadlineAt - Date.now());
    const timer = leftMs > LONGEST_TIMER_MS ? undefined : setTimeout(leave, leftMs);
    watch.stop = () => {
      clearTimeout(timer);
      scope.signal.removeEventListener('abort', leave);
    };
    if (scope.signal.aborted) leave();
    else scope.signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([running, gone]);
  } finally {
    watch.stop();
  }
}

export class Resilience {
  readonly #settings: ResilienceSettings;
  readonly #circuit;
  readonly #bulkhead;
  readonly #consequence: string;
  #lastSuccessAt: Date | null = null;
  #lastErrorCode: HubErrorCode | null = null;
  #lastCallFailed = false;

  constructor(settings: ResilienceSettings) {
    this.#settings = settings;
    this.#consequence = settings.consequence ?? RECORDS_MISSING;
    this.#circuit = circuitBreaker(
      handleWhen((error) => error instanceof HubError && TECHNICAL.has(error.code)),
      {
        halfOpenAfter: settings.halfOpenAfterMs ?? 5_000,
        breaker: new ConsecutiveBreaker(settings.failuresToOpen ?? 5),
      },
    );
    this.#bulkhead = bulkhead(settings.concurrency, settings.concurrency * WAITING_PER_SLOT);
  }

  /**
   * Runs a read under the department's guard.
   * @param attempt one attempt; must stop when its signal fires
   * @throws HubError SOURCE_*
   */
  async read<T>(scope: CallScope, attempt: (call: GuardedCall) => Promise<T>, timeoutMs?: number): Promise<T> {
    try {
      const result = await whileWaiting(scope, (begun) =>
        this.#circuit.execute(() => {
          begun();
          return this.#asTrialOrNot(() => this.#withRetry(scope, attempt, timeoutMs));
        }),
      );
      this.#lastSuccessAt = new Date();
      this.#lastCallFailed = false;
      return result;
    } catch (error) {
      const failure = this.#toHubError(error);
      if (!(error instanceof CallerGone)) {
        this.#lastErrorCode = failure.code;
        this.#lastCallFailed = true;
      }
      throw failure;
    }
  }

  /**
   * Runs a call that must not be repeated here: one attempt, whatever the circuit says, and without a word on the
   * department's health, which its reads tell.
   * @throws HubError SOURCE_*
   */
  async once<T>(scope: CallScope, attempt: (call: GuardedCall) => Promise<T>, timeoutMs?: number): Promise<T> {
    try {
      return await this.#inTurn(scope, attempt, timeoutMs);
    } catch (error) {
      throw this.#toHubError(error);
    }
  }

  /** Notes that a reply came but was not wholly readable. */
  noteMalformed(): void {
    this.#lastErrorCode = 'SOURCE_MALFORMED';
    this.#lastCallFailed = true;
  }

  health(): SourceHealthReport {
    const circuit = this.#circuitState();
    const state = circuit === 'OPEN' ? 'DOWN' : this.#lastCallFailed || circuit === 'HALF_OPEN' ? 'DEGRADED' : 'UP';
    return { state, circuit, lastSuccessAt: this.#lastSuccessAt, lastErrorCode: this.#lastErrorCode };
  }

  #circuitState(): CircuitState {
    switch (this.#circuit.state) {
      case PolicyState.Closed:
        return 'CLOSED';
      case PolicyState.HalfOpen:
        return 'HALF_OPEN';
      case PolicyState.Open:
      case PolicyState.Isolated:
        return 'OPEN';
    }
  }

  /** A trial of an open circuit that never came to be answered proves nothing, so it fails and the circuit stays open. */
  async #asTrialOrNot<T>(run: () => Promise<T>): Promise<T> {
    const isTrial = this.#circuit.state !== PolicyState.Closed;
    try {
      return await run();
    } catch (error) {
      const unanswered = error instanceof CallerGone || error instanceof BulkheadRejectedError;
      throw isTrial && unanswered ? this.#toHubError(error) : error;
    }
  }

  async #withRetry<T>(
    scope: CallScope,
    attempt: (call: GuardedCall) => Promise<T>,
    timeoutMs: number | undefined,
  ): Promise<T> {
    try {
      return await this.#inTurn(scope, attempt, timeoutMs);
    } catch (error) {
      const worthIt = error instanceof HubError && error.code === 'SOURCE_UNAVAILABLE';
      const pauseMs = Math.ceil(RETRY_PAUSE_MS * (0.5 + Math.random()));
      if (!worthIt || scope.signal.aborted || scope.deadlineAt - Date.now() < pauseMs + LEAST_USEFUL_MS) throw error;
      await delay(pauseMs);
      if (isOver(scope)) throw error;
      return await this.#inTurn(scope, attempt, timeoutMs);
    }
  }

  #inTurn<T>(scope: CallScope, attempt: (call: GuardedCall) => Promise<T>, timeoutMs: number | undefined): Promise<T> {
    return whileWaiting(scope, (begun) =>
      this.#bulkhead.execute(() => {
        begun();
        return this.#withDeadline(scope, attempt, timeoutMs);
      }),
    );
  }

  async #withDeadline<T>(
    scope: CallScope,
    attempt: (call: GuardedCall) => Promise<T>,
    timeoutMs = this.#settings.timeoutMs,
  ): Promise<T> {
    // Nobody waits any more for a call that stood in line for too long.
    if (isOver(scope)) throw new CallerGone('has not been asked in the time that was left');
    const begunAt = Date.now();
    const waitMs = Math.max(1, Math.min(timeoutMs, scope.deadlineAt - begunAt));
    // Not AbortSignal.any with AbortSignal.timeout: under Node 20 the composite may be collected before it fires.
    const controller = new AbortController();
    const { signal } = controller;
    const abort = (): void => controller.abort();
    const timer = setTimeout(abort, Math.min(waitMs, LONGEST_TIMER_MS));
    scope.signal.addEventListener('abort', abort, { once: true });
    const expired = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('deadline')), { once: true });
    });
    try {
      return await Promise.race([expired, attempt({ signal })]);
    } catch (error) {
      if (!signal.aborted) throw error;
      // The share allows for timers that fire a little early.
      const callerLeft = Date.now() - begunAt < waitMs * 0.9;
      if (callerLeft || waitMs < Math.min(timeoutMs, FAIR_WAIT_MS)) {
        throw new CallerGone('had not yet answered when its answer was no longer waited for', { cause: error });
      }
      throw new HubError(
        'SOURCE_TIMEOUT',
        `${this.#settings.departmentName} did not answer within ${waitMs} ms; ${this.#consequence}.`,
        { cause: error },
      );
    } finally {
      clearTimeout(timer);
      scope.signal.removeEventListener('abort', abort);
    }
  }

  #toHubError(error: unknown): HubError {
    if (error instanceof HubError) return error;
    const name = this.#settings.departmentName;
    if (error instanceof CallerGone) {
      return new HubError('SOURCE_TIMEOUT', `${name} ${error.message}; ${this.#consequence}.`, {
        cause: error,
      });
    }
    if (error instanceof BrokenCircuitError) {
      return new HubError(
        'SOURCE_UNAVAILABLE',
        `${name} has failed several times in a row and is not asked for a moment; ${this.#consequence}.`,
        { cause: error },
      );
    }
    if (error instanceof BulkheadRejectedError) {
      return new HubError('SOURCE_UNAVAILABLE', `Too many calls to ${name} are in progress; try again.`, {
        cause: error,
      });
    }
    return new HubError('INTERNAL', `The answer of ${name} could not be processed.`, { cause: error });
  }
}
