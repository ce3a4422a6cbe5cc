/** Follows the notices of a hub that runs: one line per event, whatever becomes of the connection. */
import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type SubscribePayload } from 'graphql-ws';
import { WebSocket } from 'ws';
import { z } from 'zod';

export interface WatchOptions {
  /** Of the graph, e.g. "http://127.0.0.1:4000/graphql". */
  readonly url: string;
  /** null = as the public */
  readonly token: string | null;
  /** null = from now on */
  readonly after: string | null;
  readonly filter: Readonly<Record<string, string>>;
  /** One event. */
  readonly out: (line: string) => void;
  /** What becomes of the connection. */
  readonly note: (line: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Wait before the next attempt, by the number of those that failed one after the other; by default up to 30 s. */
  readonly pauseMs?: (failed: number) => number;
}

/** Served in production too, where others must be registered. */
export const WATCH_DOCUMENT = `subscription Watch($after: Cursor, $filter: NoticeFilter) {
  noticeEvents(after: $after, filter: $filter) {
    cursor at kind state subjectCode notice { number } department { id } detail
  }
}`;

const Errors = z.array(z.object({ message: z.string() }));
const Result = z.object({
  data: z
    .object({
      noticeEvents: z.object({
        cursor: z.string(),
        at: z.string(),
        kind: z.string(),
        state: z.string(),
        subjectCode: z.string(),
        notice: z.object({ number: z.string() }),
        department: z.object({ id: z.string() }).nullable(),
        detail: z.string().nullable(),
      }),
    })
    .nullish(),
  errors: Errors.optional(),
});
const Failed = z.object({ message: z.string() });
const Ended = z.object({ code: z.number(), reason: z.string() });
const Places = z.object({ places: z.record(z.string(), z.string()) });

const LAGGED = 4429;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Doubling, and anywhere between nothing and the whole, so that a hub that comes back is not met by all at once. */
const pauseOf = (failed: number): number =>
  Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failed, 10));

function lineOf({ data }: z.infer<typeof Result>): string | null {
  if (data == null) return null;
  const { at, notice, kind, state, department, subjectCode, detail } = data.noticeEvents;
  const told = [at, notice.number, kind, state, department?.id ?? '-', subjectCode, detail ?? ''];
  return told.join('  ').trimEnd();
}

const wordsOf = (ended: unknown): string => {
  const closed = Ended.safeParse(ended);
  if (closed.success) return closed.data.reason === '' ? `code ${closed.data.code}` : closed.data.reason;
  const refused = Errors.safeParse(ended);
  if (refused.success) return refused.data.map(({ message }) => message).join(' ');
  const failed = Failed.safeParse(ended);
  return failed.success && failed.data.message !== '' ? failed.data.message : 'the connection was lost';
};

/**
 * Follows until the signal fires.
 * @returns null when it was ended, else why the hub will not let it go on
 */
export async function watchNotices(options: WatchOptions): Promise<string | null> {
  const { url, token, filter, out, note, signal, pauseMs = pauseOf } = options;
  const variables = { after: options.after, filter };
  const told: { refusal: string | null } = { refusal: null };
  /** Why it is not connected; an error says more than the closing that follows it. */
  let lost: string | null = null;
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    ...(token !== null && { connectionParams: { authorization: `Bearer ${token}` } }),
    retryAttempts: Number.POSITIVE_INFINITY,
    // What the hub means for good has a code of its own, on which the client gives up all the same.
    shouldRetry: () => true,
    async retryWait(failed) {
      const waitMs = Math.round(pauseMs(failed));
      note(`Not connected (${lost ?? 'no answer'}); again in ${(waitMs / 1_000).toFixed(1)} s.`);
      lost = null;
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    },
    on: {
      connected: () => note(`Connected; ${variables.after === null ? 'from now on' : `after ${variables.after}`}.`),
      error: (error) => (lost = wordsOf(error)),
      closed: (event) => (lost ??= wordsOf(event)),
      // The hub tells where it stands also when nothing was meant for us.
      ping(isReceived, payload) {
        const heard = isReceived ? Places.safeParse(payload) : null;
        const [place] = heard?.success === true ? Object.values(heard.data.places) : [];
        if (place !== undefined) variables.after = place;
      },
    },
  });
  const take = (result: unknown): void => {
    const { data, errors } = Result.parse(result);
    const line = lineOf({ data });
    if (line !== null) out(line);
    if (data != null) variables.after = data.noticeEvents.cursor;
    for (const { message } of errors ?? []) note(message);
    if (data == null && errors !== undefined) told.refusal = errors.map(({ message }) => message).join(' ');
  };
  /** The client sends the payload anew with each connection, with the cursor that is in it then. */
  const payload: SubscribePayload = { query: WATCH_DOCUMENT, variables };
  const follow = (): Promise<unknown> =>
    new Promise((resolve) => {
      const leave = client.subscribe(payload, { next: take, error: resolve, complete: () => resolve(null) });
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
    });
  try {
    for (;;) {
      const ended = await follow();
      if (signal.aborted) return null;
      const closed = Ended.safeParse(ended);
      const isLagged = closed.success && closed.data.code === LAGGED;
      if (!isLagged) return told.refusal ?? wordsOf(ended);
      note(`${closed.data.reason}; going on.`);
    }
  } finally {
    await client.dispose();
    if (variables.after !== null) note(`Go on with --after ${variables.after}`);
  }
}
