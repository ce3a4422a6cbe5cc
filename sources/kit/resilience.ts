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
  /** Failures in a row that open the circuit. */
  readonly failuresToOpen?: number;
  /** Time after which an open circuit lets one call try. */
  readonly halfOpenAfterMs?: number;
}

const WAITING_PER_SLOT = 8;
const RETRY_PAUSE_MS = 60;
/** Not worth another attempt: the caller would not see its answer. */
const LEAST_USEFUL_MS = 150;

const TECHNICAL: ReadonlySet<HubErrorCode> = new Set(['SOURCE_UNAVAILABLE', 'SOURCE_TIMEOUT', 'SOURCE_MALFORMED']);

export interface GuardedCall {
  readonly signal: AbortSignal;
}

export class Resilience {
  readonly #settings: ResilienceSettings;
  readonly #circuit;
  readonly #bulkhead;
  #lastSuccessAt: Date | null = null;
  #lastErrorCode: HubErrorCode | null = null;
  #lastCallFailed = false;

  constructor(settings: ResilienceSettings) {
    this.#settings = settings;
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
      const result = await this.#circuit.execute(() => this.#withRetry(scope, attempt, timeoutMs));
      this.#lastSuccessAt = new Date();
      this.#lastCallFailed = false;
      return result;
    } catch (error) {
      const failure = this.#toHubError(error);
      // A caller that left says nothing about the department.
      if (!(failure.code === 'SOURCE_TIMEOUT' && scope.deadlineAt > Date.now() && scope.signal.aborted)) {
        this.#lastErrorCode = failure.code;
        this.#lastCallFailed = true;
      }
      throw failure;
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

  async #withRetry<T>(
    scope: CallScope,
    attempt: (call: GuardedCall) => Promise<T>,
    timeoutMs: number | undefined,
  ): Promise<T> {
    try {
      return await this.#bulkhead.execute(() => this.#withDeadline(scope, attempt, timeoutMs));
    } catch (error) {
      const worthIt = error instanceof HubError && error.code === 'SOURCE_UNAVAILABLE';
      const pauseMs = Math.ceil(RETRY_PAUSE_MS * (0.5 + Math.random()));
      if (!worthIt || scope.signal.aborted || scope.deadlineAt - Date.now() < pauseMs + LEAST_USEFUL_MS) throw error;
      await delay(pauseMs);
      return await this.#bulkhead.execute(() => this.#withDeadline(scope, attempt, timeoutMs));
    }
  }

  async #withDeadline<T>(
    scope: CallScope,
    attempt: (call: GuardedCall) => Promise<T>,
    timeoutMs = this.#settings.timeoutMs,
  ): Promise<T> {
    const waitMs = Math.max(1, Math.min(timeoutMs, scope.deadlineAt - Date.now()));
    const signal = AbortSignal.any([scope.signal, AbortSignal.timeout(waitMs)]);
    const expired = new Promise<never>((_, reject) => {
      const fail = (): void => reject(new Error('deadline'));
      if (signal.aborted) fail();
      else signal.addEventListener('abort', fail, { once: true });
    });
    try {
      return await Promise.race([attempt({ signal }), expired]);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new HubError(
        'SOURCE_TIMEOUT',
        `${this.#settings.departmentName} did not answer within ${waitMs} ms; its records are missing from this result.`,
        { cause: error },
      );
    }
  }

  #toHubError(error: unknown): HubError {
    if (error instanceof HubError) return error;
    const name = this.#settings.departmentName;
    if (error instanceof BrokenCircuitError) {
      return new HubError(
        'SOURCE_UNAVAILABLE',
        `${name} has failed several times in a row and is not asked for a moment; its records are missing from this result.`,
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
