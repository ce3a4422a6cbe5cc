/**
 * Says a department's words by the hub's mutations: one after the other, each until the hub has taken it or refused it
 * for good.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { DeskRefusal, DeskWord } from './notice-desk.ts';
import type { HubAddress } from './reference-upstream.ts';

const PAUSE = { firstMs: 100, longestMs: 5_000 } as const;
const CALL_TIMEOUT_MS = 10_000;

/** Said once and sent as often as need be: the same each time, so that a copy is known as one. */
interface Mutation {
  readonly deliveryId: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

function mutationOf({ deliveryId, kind, reason, feedback }: DeskWord, saidAt: Date): Mutation {
  switch (kind) {
    case 'SIGNED':
      return {
        deliveryId,
        query: 'mutation sign($deliveryId: ID!) { signNotice(deliveryId: $deliveryId) { id } }',
        variables: { deliveryId },
      };
    case 'RETURNED':
      return {
        deliveryId,
        query: `mutation giveBack($deliveryId: ID!, $reason: String!) {
          returnNotice(deliveryId: $deliveryId, reason: $reason) { id }
        }`,
        variables: { deliveryId, reason },
      };
    case 'FED_BACK':
      return {
        deliveryId,
        query: `mutation feedBack($deliveryId: ID!, $feedback: [MeasureFeedbackInput!]!) {
          feedbackNotice(deliveryId: $deliveryId, feedback: $feedback) { id }
        }`,
        variables: {
          deliveryId,
          feedback: feedback.map((each) => ({ ...each, executedAt: saidAt.toISOString(), description: '已落实' })),
        },
      };
    case 'LIFT_CONFIRMED':
      return {
        deliveryId,
        query: 'mutation confirm($deliveryId: ID!) { confirmLift(deliveryId: $deliveryId) { id } }',
        variables: { deliveryId },
      };
  }
}

const Answer = z.object({
  errors: z
    .array(
      z.object({ message: z.string(), extensions: z.object({ code: z.string().default('') }).default({ code: '' }) }),
    )
    .optional(),
});
/** What may be otherwise the next time: a key that is made just now, a hub that is busy or at fault. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([401, 429]);
const PASSING_CODES: ReadonlySet<string> = new Set(['INTERNAL', 'INTERNAL_SERVER_ERROR', 'UNAUTHENTICATED']);

/** @returns null when it is taken, why it is refused, or "again" */
async function send(
  { graphUrl, token }: HubAddress,
  { query, variables }: Mutation,
  signal: AbortSignal,
): Promise<null | 'again' | { readonly refusal: string }> {
  const response = await fetch(graphUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal,
  });
  const answer = Answer.safeParse(await response.json());
  if (!answer.success || PASSING_STATUSES.has(response.status) || response.status >= 500) return 'again';
  const error = answer.data.errors?.[0];
  if (error === undefined) return response.ok ? null : 'again';
  return PASSING_CODES.has(error.extensions.code) ? 'again' : { refusal: error.message };
}

export class WordSender {
  readonly #onRefusal: (refusal: DeskRefusal) => void;
  readonly #closed = new AbortController();
  #hub: HubAddress | null = null;
  #waiting: Mutation[] = [];
  #isSending = false;

  constructor(onRefusal: (refusal: DeskRefusal) => void) {
    this.#onRefusal = onRefusal;
  }

  say(word: DeskWord): void {
    this.#waiting.push(mutationOf(word, new Date()));
    void this.#work();
  }

  /** The department goes by what it was told of a recognition. */
  confirmRecognition(id: string, state: string): void {
    this.#waiting.push({
      deliveryId: id,
      query: `mutation confirm($id: ID!, $state: RecognitionState!) {
        confirmRecognition(id: $id, state: $state) { id }
      }`,
      variables: { id, state },
    });
    void this.#work();
  }

  /** The department has ended what was repaired. */
  confirmRepair(id: string): void {
    this.#waiting.push({
      deliveryId: id,
      query: 'mutation confirm($id: ID!) { confirmRepair(id: $id) { id } }',
      variables: { id },
    });
    void this.#work();
  }

  connect(hub: HubAddress): void {
    this.#hub = hub;
    void this.#work();
  }

  /** What has not been said yet is not said any more. */
  forget(): void {
    this.#waiting = [];
  }

  close(): void {
    this.forget();
    this.#closed.abort();
  }

  async #work(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    let pauseMs: number = PAUSE.firstMs;
    for (let next = this.#waiting[0]; next !== undefined && this.#hub !== null; next = this.#waiting[0]) {
      const outcome = await this.#try(this.#hub, next);
      if (outcome !== 'again') {
        if (outcome !== null) this.#onRefusal({ deliveryId: next.deliveryId, reason: outcome.refusal });
        this.#waiting = this.#waiting.filter((each) => each !== next);
        pauseMs = PAUSE.firstMs;
      } else if (!this.#closed.signal.aborted) {
        await delay(pauseMs, undefined, { ref: false, signal: this.#closed.signal }).catch(() => undefined);
        pauseMs = Math.min(PAUSE.longestMs, pauseMs * 2);
      }
    }
    this.#isSending = false;
  }

  async #try(hub: HubAddress, mutation: Mutation): Promise<null | 'again' | { readonly refusal: string }> {
    const attempt = new AbortController();
    const stop = (): void => attempt.abort();
    const timer = setTimeout(stop, CALL_TIMEOUT_MS);
    this.#closed.signal.addEventListener('abort', stop, { once: true });
    try {
      return await send(hub, mutation, attempt.signal);
    } catch {
      return 'again';
    } finally {
      clearTimeout(timer);
      this.#closed.signal.removeEventListener('abort', stop);
    }
  }
}
