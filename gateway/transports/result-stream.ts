/**
 * The results of one subscription. Pulled: the next event is read and executed when the one before has been taken, so
 * that nothing piles up for a slow subscriber; each with a context of its own, so that no loader shows yesterday's answer.
 */
import { randomBytes } from 'node:crypto';
import { createSourceEventStream, type ExecutionResult } from 'graphql';
import type { Caller } from '../../schema/access/caller.ts';
import type { Grounds } from '../../schema/access/grounds.ts';
import type { OperationTrace } from '../../schema/audit/operation-trace.ts';
import { HubError } from '../../schema/errors.ts';
import type { StreamItem } from '../../schema/events/stream-item.ts';
import type { AuditedOperation } from '../audit/auditor.ts';
import { openEventScope } from '../context.ts';
import { CallCount } from '../limits/call-count.ts';
import type { LiveOptions } from './live-options.ts';
import type { SubscriptionDocument } from './subscription-documents.ts';

export interface StreamRequest extends SubscriptionDocument {
  readonly requestId: string;
  readonly caller: Caller;
  readonly grounds: Grounds;
  /** An event has not been taken in time. @param cursor of the last event that is on its way */
  readonly onLagged: (cursor: string | null) => void;
  /** Told where it starts, before the first event. */
  readonly onStart: (place: string) => void;
}

type Source = AsyncIterator<StreamItem<unknown>, unknown, undefined>;

/** A subscription on record. */
interface OnRecord {
  readonly operation: AuditedOperation;
  readonly trace: OperationTrace;
}

interface StreamParts {
  readonly items: Source;
  /** Ends the subscription. */
  readonly ending: AbortController;
  /** null: nothing is put on record. */
  readonly record: OnRecord | null;
}

const codeOf = (error: unknown): string => (error instanceof HubError ? error.code : 'INTERNAL');

/** The credentials ended while the connection was open. */
export const noLongerValid = (): HubError =>
  new HubError('UNAUTHENTICATED', 'The credentials are no longer valid; the subscription ends.');

/** Events after which it is put on record what was delivered, and the time after which it is at the latest. */
const EVENTS_PER_RECORD = 100;
const RECORD_EVERY_MS = 60_000;

export class ResultStream<C> implements AsyncGenerator<ExecutionResult, void, void> {
  readonly #options: LiveOptions<C>;
  readonly #request: StreamRequest;
  readonly #ending: AbortController;
  readonly #source: Source;
  readonly #record: OnRecord | null;
  #recordedAt = performance.now();
  #failure: HubError | null = null;
  #place: string | null = null;
  /** The event that is on its way to the subscriber. */
  #handed: { readonly cursor: string | null; readonly patience: NodeJS.Timeout } | null = null;

  constructor(options: LiveOptions<C>, request: StreamRequest, { items, ending, record }: StreamParts) {
    this.#options = options;
    this.#request = request;
    this.#source = items;
    this.#ending = ending;
    this.#record = record;
  }

  /** Cursor up to which the subscriber has been served; null = unknown, also while an event is on its way. */
  get place(): string | null {
    return this.#handed === null ? this.#place : null;
  }

  /** Cursor of the event that is on its way to the subscriber. */
  get cursorOnItsWay(): string | null {
    return this.#handed?.cursor ?? null;
  }

  /** The next call throws this; what waits ends. */
  fail(failure: HubError): void {
    this.#failure ??= failure;
    this.end();
  }

  end(): void {
    this.#taken();
    this.#record?.operation.close({ hasData: true, codes: this.#failure === null ? [] : [this.#failure.code] });
    this.#ending.abort(new Error('the subscription has ended'));
  }

  async next(): Promise<IteratorResult<ExecutionResult, void>> {
    this.#taken();
    try {
      while (!this.#isEnded()) {
        const item = await this.#source.next();
        if (item.done === true || this.#isEnded()) break;
        const { cursor, event } = item.value;
        if (event === null) {
          if (this.#place === null && cursor !== null) this.#request.onStart(cursor);
          this.#place = cursor;
          continue;
        }
        const { caller } = this.#request;
        if (!(await this.#options.stillHolds(caller))) throw noLongerValid();
        const result = await this.#execute(item.value);
        if (this.#isEnded()) break;
        this.#handOver(cursor);
        return { done: false, value: cursor === null ? result : { ...result, extensions: { cursor } } };
      }
    } catch (error) {
      this.#record?.operation.close({ hasData: true, codes: [codeOf(error)] });
      if (!this.#isEnded()) await this.return();
      throw this.#failure ?? error;
    }
    await this.return();
    if (this.#failure !== null) throw this.#failure;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<ExecutionResult, void>> {
    this.end();
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<ExecutionResult, void>> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** A method, because the compiler takes a signal that has not fired for one that cannot fire meanwhile. */
  #isEnded(): boolean {
    return this.#ending.signal.aborted;
  }

  async #execute(item: StreamItem<unknown>): Promise<ExecutionResult> {
    const { plans, contextFor, readTimeoutMs, admission } = this.#options;
    const { requestId, caller, grounds, document, operationName, variables, query, asker, cost } = this.#request;
    const calls = new CallCount();
    const charge = await admission.chargeEvent(asker, cost, this.#ending.signal);
    calls.whenOver((made) => charge.settle(made));
    const trace = this.#record?.trace ?? null;
    const { scope, close } = openEventScope(requestId, this.#ending.signal, readTimeoutMs, trace, calls.add);
    try {
      const context = contextFor(scope, caller, grounds);
      return await plans.execute({
        document,
        operationName,
        variables: { ...variables },
        context,
        root: item,
        queryHash: query,
      });
    } finally {
      close();
      calls.end();
    }
  }

  #handOver(cursor: string | null): void {
    const handed = {
      cursor,
      // When this process itself was busy, what the subscriber has taken meanwhile is learnt only now.
      patience: setTimeout(() => {
        setImmediate(() => {
          if (this.#handed === handed) this.#request.onLagged(cursor);
        });
      }, this.#options.live.patienceMs),
    };
    this.#handed = handed;
  }

  #taken(): void {
    if (this.#handed === null) return;
    clearTimeout(this.#handed.patience);
    this.#place = this.#handed.cursor;
    this.#handed = null;
    this.#noteDelivered();
  }

  #noteDelivered(): void {
    if (this.#record === null) return;
    const { operation } = this.#record;
    operation.delivered();
    const isDue = performance.now() - this.#recordedAt > RECORD_EVERY_MS;
    if (operation.unrecordedEvents < EVENTS_PER_RECORD && !isDue) return;
    operation.progress();
    this.#recordedAt = performance.now();
  }
}

/** @throws HubError AUDIT_UNAVAILABLE */
async function putOnRecord<C>({ auditor }: LiveOptions<C>, request: StreamRequest): Promise<OnRecord | null> {
  if (auditor === null) return null;
  const { requestId, caller, grounds, query, ...text } = request;
  const trace = auditor.newTrace();
  // One connection may carry several.
  const operationId = `${requestId}.${randomBytes(4).toString('hex')}`;
  const operation = await auditor.begin({ operationId, caller, grounds }, { ...text, source: query }, trace);
  return { operation, trace };
}

/**
 * Starts a subscription.
 * @returns errors where its source refused, e.g. UNAUTHENTICATED
 * @throws HubError AUDIT_UNAVAILABLE when it cannot be put on record
 */
export async function openResultStream<C>(
  options: LiveOptions<C>,
  request: StreamRequest,
): Promise<ResultStream<C> | ExecutionResult> {
  const { schema, contextFor } = options;
  const { document, operationName, variables, requestId, caller, grounds } = request;
  const record = await putOnRecord(options, request);
  const ending = new AbortController();
  const scope = {
    ...{ requestId, signal: ending.signal, deadlineAt: Number.POSITIVE_INFINITY },
    ...(record !== null && { trace: record.trace }),
  };
  const source = await createSourceEventStream({
    schema,
    document,
    operationName,
    variableValues: variables,
    contextValue: contextFor(scope, caller, grounds),
  });
  if (!(Symbol.asyncIterator in source)) {
    record?.operation.close({
      hasData: false,
      codes: (source.errors ?? []).map(({ originalError }) => codeOf(originalError)),
    });
    return source;
  }
  // By contract of every subscription of the graph; see schema/events/stream-item.ts.
  const items = (source as AsyncIterable<StreamItem<unknown>, unknown, undefined>)[Symbol.asyncIterator]();
  return new ResultStream(options, request, { items, ending, record });
}
