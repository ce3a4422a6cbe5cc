/**
 * The control address of the reference upstreams:
 * PUT /faults/{department} with a FaultCommand, DELETE /faults/{department}, GET /calls, DELETE /calls.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FaultCommand } from './faults.ts';
import type { ReferenceUpstream } from './reference-upstream.ts';

interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

async function answer(upstreams: readonly ReferenceUpstream[], request: IncomingMessage): Promise<ControlAnswer> {
  const [, collection, departmentId] = (request.url ?? '').split('/');
  if (collection === 'calls' && departmentId === undefined) {
    if (request.method === 'DELETE') upstreams.forEach((upstream) => upstream.resetCalls());
    return { status: 200, body: Object.fromEntries(upstreams.map((each) => [each.departmentId, each.calls()])) };
  }
  const upstream = upstreams.find((each) => each.departmentId === departmentId);
  if (collection !== 'faults' || upstream === undefined) return { status: 404, body: { error: 'no such address' } };
  if (request.method === 'DELETE') {
    await upstream.setFault(null);
    return { status: 200, body: { department: departmentId, fault: null } };
  }
  if (request.method !== 'PUT') return { status: 405, body: { error: 'use PUT or DELETE' } };
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  let json: unknown;
  try {
    json = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return { status: 400, body: { error: 'the body is not JSON' } };
  }
  const command = FaultCommand.safeParse(json);
  if (!command.success) return { status: 400, body: { error: command.error.issues[0]?.message } };
  await upstream.setFault(command.data);
  return { status: 200, body: { department: departmentId, fault: command.data } };
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
