/**
 * The control address of the reference upstreams:
 * PUT /faults/{department} with a FaultCommand, DELETE /faults/{department}, POST /amendments/{department} with an
 * Amendment, GET /notices/{department}, PUT /notices/{department} with a DeskBehaviour, DELETE /notices/{department},
 * GET /calls, DELETE /calls.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import { Amendment } from './amendment.ts';
import { FaultCommand } from './faults.ts';
import { DeskBehaviour } from './notice-desk.ts';
import type { ReferenceUpstream } from './reference-upstream.ts';

interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** @returns the parsed body, or the answer that refuses it */
async function readBody<S extends z.ZodType>(
  request: IncomingMessage,
  schema: S,
): Promise<{ readonly value: z.output<S> } | { readonly refusal: ControlAnswer }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  let json: unknown;
  try {
    json = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return { refusal: { status: 400, body: { error: 'the body is not JSON' } } };
  }
  const parsed = schema.safeParse(json);
  return parsed.success
    ? { value: parsed.data }
    : { refusal: { status: 400, body: { error: parsed.error.issues[0]?.message } } };
}

const NO_SUCH_ADDRESS: ControlAnswer = { status: 404, body: { error: 'no such address' } };

async function answerFaults(upstream: ReferenceUpstream, request: IncomingMessage): Promise<ControlAnswer> {
  const { departmentId: department } = upstream;
  if (request.method === 'DELETE') {
    await upstream.setFault(null);
    return { status: 200, body: { department, fault: null } };
  }
  if (request.method !== 'PUT') return { status: 405, body: { error: 'use PUT or DELETE' } };
  const body = await readBody(request, FaultCommand);
  if ('refusal' in body) return body.refusal;
  await upstream.setFault(body.value);
  return { status: 200, body: { department, fault: body.value } };
}

async function answerAmendments(upstream: ReferenceUpstream, request: IncomingMessage): Promise<ControlAnswer> {
  if (request.method !== 'POST') return { status: 405, body: { error: 'use POST' } };
  const body = await readBody(request, Amendment);
  if ('refusal' in body) return body.refusal;
  await upstream.amend(body.value);
  return { status: 200, body: { department: upstream.departmentId, amendment: body.value } };
}

/** What the desk has received, each message once with the number of its copies; how it is to behave. */
async function answerNotices(
  { departmentId: department, desk }: ReferenceUpstream,
  request: IncomingMessage,
): Promise<ControlAnswer> {
  if (desk === undefined) return NO_SUCH_ADDRESS;
  switch (request.method) {
    case 'DELETE':
      await desk.forget();
      break;
    case 'PUT': {
      const body = await readBody(request, DeskBehaviour);
      if ('refusal' in body) return body.refusal;
      desk.behave(body.value);
      return { status: 200, body: { department, behaviour: body.value } };
    }
    case 'GET':
      break;
    default:
      return { status: 405, body: { error: 'use GET, PUT or DELETE' } };
  }
  return { status: 200, body: { department, received: desk.entries(), refused: desk.refusals() } };
}

const COLLECTIONS: Readonly<
  Record<string, (upstream: ReferenceUpstream, request: IncomingMessage) => Promise<ControlAnswer>>
> = { faults: answerFaults, amendments: answerAmendments, notices: answerNotices };

async function answer(upstreams: readonly ReferenceUpstream[], request: IncomingMessage): Promise<ControlAnswer> {
  const [, collection = '', departmentId] = (request.url ?? '').split('/');
  if (collection === 'calls' && departmentId === undefined) {
    if (request.method === 'DELETE') upstreams.forEach((upstream) => upstream.resetCalls());
    return { status: 200, body: Object.fromEntries(upstreams.map((each) => [each.departmentId, each.calls()])) };
  }
  const upstream = upstreams.find((each) => each.departmentId === departmentId);
  const answerCollection = Object.hasOwn(COLLECTIONS, collection) ? COLLECTIONS[collection] : undefined;
  return upstream === undefined || answerCollection === undefined
    ? NO_SUCH_ADDRESS
    : await answerCollection(upstream, request);
}

export async function startControlServer(
  upstreams: readonly ReferenceUpstream[],
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(upstreams, request)
      .catch((error: unknown): ControlAnswer => ({ status: 500, body: { error: String(error) } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
