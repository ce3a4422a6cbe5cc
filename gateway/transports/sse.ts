/** Subscriptions as server-sent events at <graph>/stream, by GET and POST. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Caller } from '../../schema/access/caller.ts';
import type { Grounds } from '../../schema/access/grounds.ts';
import { HubError } from '../../schema/errors.ts';
import { identifyCaller } from '../auth/identify-caller.ts';
import { readGrounds } from '../auth/read-grounds.ts';
import { HttpError } from '../http-errors.ts';
import { acceptsEventStream } from '../media-type.ts';
import { DRY_RUN_HEADER } from '../limits/admit-request.ts';
import type { Asker } from '../limits/budgets.ts';
import { clientAddress } from '../limits/client-address.ts';
import { httpRefusal } from '../limits/refusal.ts';
import { isForeignPage } from '../plugins/same-site.ts';
import { EventStream } from './event-stream.ts';
import type { LiveConnections } from './live-connections.ts';
import { CLOSE_GRACE_MS, LAGGED_GRACE_MS, type LiveOptions } from './live-options.ts';
import { noLongerValid, openResultStream, ResultStream } from './result-stream.ts';
import { codesOf, showErrors, showResult, toGraphQLError } from './shown-result.ts';
import {
  DocumentRefused,
  type SubscriptionDocument,
  type SubscriptionDocuments,
  type SubscriptionRequest,
} from './subscription-documents.ts';
import { watchCredentials } from './watch-credentials.ts';

export interface SseParts<C> {
  readonly path: string;
  readonly connections: LiveConnections;
  readonly documents: SubscriptionDocuments;
  readonly options: LiveOptions<C>;
}

/** The variable by which a subscription goes on where it was cut off. */
const PLACE_VARIABLE = 'after';

const Variables = z.record(z.string(), z.unknown()).nullish();
const Extensions = z.record(z.string(), z.unknown()).nullish();
const Parameters = z.object({
  query: z.string().nullish(),
  documentId: z.string().nullish(),
  extensions: Extensions,
  operationName: z.string().nullish(),
  variables: Variables,
});

const JsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
});
const QueryString = Parameters.extend({
  extensions: JsonText.pipe(Extensions).optional(),
  variables: z.union([z.literal('').transform(() => null), JsonText.pipe(Variables)]).nullish(),
});

/** @throws HttpError 400 */
function readRequest({ method, body, query, headers }: FastifyRequest): SubscriptionRequest {
  const parsed = method === 'GET' ? QueryString.safeParse(query) : Parameters.safeParse(body);
  if (!parsed.success || (parsed.data.query ?? parsed.data.documentId ?? parsed.data.extensions ?? null) === null)
    throw new HttpError(400, 'Send "query", and where needed "variables" (an object) and "operationName".');
  const { operationName, variables, extensions, ...document } = parsed.data;
  const isDryRun = headers[DRY_RUN_HEADER] === 'true' || extensions?.['dryRun'] === true;
  return {
    ...document,
    extensions: { ...extensions, dryRun: isDryRun },
    operationName: operationName ?? null,
    variables: variables ?? {},
  };
}

/**
 * An EventSource connects again by itself, to the same address, and says in a header where it was.
 * @throws HttpError 400 where the operation has no place for that: events would be missed in silence
 */
function resumed(request: SubscriptionDocument, lastEventId: string | undefined): SubscriptionDocument {
  if (lastEventId === undefined || lastEventId === '') return request;
  const declared = request.operation.variableDefinitions?.some(
    ({ variable }) => variable.name.value === PLACE_VARIABLE,
  );
  if (declared !== true)
    throw new HttpError(400, `To go on after Last-Event-ID, declare a variable $${PLACE_VARIABLE} and use it.`);
  return { ...request, variables: { ...request.variables, [PLACE_VARIABLE]: lastEventId } };
}

/** Serves one subscription until one side ends it. */
async function serve<C>(
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, grounds }: { readonly caller: Caller; readonly grounds: Grounds },
  document: SubscriptionDocument | DocumentRefused,
  { connections, options }: SseParts<C>,
): Promise<void> {
  const { log, live } = options;
  const requestId = request.id;
  const showing = { requestId, log, concealsSchema: options.admission.concealsSchema };
  const events = new EventStream(reply.raw);
  const showFailure = (error: unknown) => showErrors([toGraphQLError(error)], showing);
  let hasBeenCut = false;
  const isCut = () => hasBeenCut;
  let stream: ResultStream<C> | null = null;

  const cut = (graceMs: number): void => {
    hasBeenCut = true;
    stream?.end();
    setTimeout(() => events.destroy(), graceMs).unref();
  };
  const cutOff = (cursor: string | null): void => {
    cut(LAGGED_GRACE_MS);
    const details: Readonly<Record<string, string>> = cursor === null ? {} : { cursor };
    const lagged = new HubError('LAGGED', 'The events were taken too slowly; go on after this cursor.', { details });
    void events.next({ errors: showFailure(lagged) }, null);
    events.complete();
    log.warn({ requestId, subject: caller.subject }, 'a subscriber was too slow and has been cut off');
  };
  const leave = connections.add(async () => {
    cut(CLOSE_GRACE_MS);
    events.end();
    await events.closed;
  });
  const heart = setInterval(() => events.beat(stream?.place ?? null), live.heartbeatMs);
  const stopWatching =
    caller.credentialId === null
      ? () => undefined
      : watchCredentials(caller, options.stillHolds, () => stream?.fail(noLongerValid()));
  void events.closed.then(() => {
    clearInterval(heart);
    stopWatching();
    leave();
    return stream?.return();
  });

  events.open(headersOf(reply));
  try {
    if (document instanceof DocumentRefused) {
      const errors = showErrors(document.errors, showing);
      options.auditor?.refuse({ operationId: requestId, caller, grounds }, null, codesOf(errors));
      await events.next({ errors }, null);
    } else if (document.isDryRun) {
      await events.next({ data: null, extensions: { cost: document.cost } }, null);
    } else {
      const onStart = (place: string) => events.beat(place);
      const opened = await openResultStream(options, {
        ...document,
        ...{ requestId, caller, grounds, onLagged: cutOff, onStart },
      });
      if (opened instanceof ResultStream) {
        stream = opened;
        // It may have been cut, or the client may have gone, while the source was being opened.
        if (!events.isOpen) opened.end();
        for await (const result of opened) {
          await events.next(showResult(result, showing), opened.cursorOnItsWay);
        }
      } else {
        await events.next(showResult(opened, showing), null);
      }
    }
  } catch (error) {
    if (!isCut()) await events.next({ errors: showFailure(error) }, null);
  }
  if (!isCut()) events.complete();
}

const headersOf = (reply: FastifyReply): Record<string, string> =>
  Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));

export function addEventStreams<C>(app: FastifyInstance, parts: SseParts<C>): void {
  const { path, connections, documents, options } = parts;
  app.route({
    url: path,
    method: ['GET', 'POST'],
    exposeHeadRoute: false,
    async handler(request, reply) {
      if (isForeignPage(request.headers))
        throw new HttpError(403, 'Pages of other sites may not subscribe.', 'FORBIDDEN');
      if (!acceptsEventStream(request.headers.accept)) throw new HttpError(406, 'Accept text/event-stream.');
      if (connections.isFull) {
        void reply.header('retry-after', '5');
        throw new HttpError(503, 'Too many subscribers are connected; try again later.', 'LIMIT_REACHED');
      }
      const caller = await identifyCaller(request.headers.authorization, request.raw, options);
      const grounds = readGrounds(request.headers);
      const asked = readRequest(request);
      const asker = { caller, address: clientAddress(request.raw, options.certificates?.trustedProxies) };
      const document = await prepared(asked, asker, documents, request.headers['last-event-id']);
      reply.hijack();
      await serve(request, reply, { caller, grounds }, document, parts);
    },
  });
}

async function prepared(
  asked: SubscriptionRequest,
  asker: Asker,
  documents: SubscriptionDocuments,
  lastEventId: string | string[] | undefined,
): Promise<SubscriptionDocument | DocumentRefused> {
  try {
    return resumed(await documents.prepare(asked, asker), lastEventId?.toString());
  } catch (error) {
    // Told in the stream, where clients of GraphQL look for it.
    if (error instanceof DocumentRefused) return error;
    if (error instanceof HubError) throw httpRefusal(error);
    throw error;
  }
}
