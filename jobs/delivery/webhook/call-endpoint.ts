/** One HTTP call of an endpoint: to addresses that the guard has let through, without redirects, proxies or reuse. */
import { isIP } from 'node:net';
import { Agent, buildConnector, request, type Dispatcher } from 'undici';
import { targetOf, type AddressGuard } from '../../../schema/delivery/address/address-guard.ts';
import type { CallScope } from '../../../schema/ports.ts';
import { LONGEST_REPLY_BYTES, type EndpointAnswer } from './reply.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const SILENCE_TIMEOUT_MS = 10_000;
const LONGEST_HEADERS_BYTES = 16 * 1_024;

/**
 * Connects to partners. Every call has a connection of its own: an address is checked by the connection that uses it, and
 * no message is lost on a connection that the other side was just closing.
 */
export function partnerAgent(guard: AddressGuard): Agent {
  return new Agent({
    pipelining: 0,
    headersTimeout: SILENCE_TIMEOUT_MS,
    bodyTimeout: SILENCE_TIMEOUT_MS,
    maxHeaderSize: LONGEST_HEADERS_BYTES,
    connect(options, callback) {
      try {
        const target = targetOf(`${options.protocol}//${options.host ?? options.hostname}`);
        // The socket asks `lookup` about names only.
        if (isIP(target.host) !== 0) guard.demandAddress(target, target.host);
        const lookup = guard.lookupFor(target);
        buildConnector({ lookup, timeout: CONNECT_TIMEOUT_MS, maxCachedSessions: 0 })(options, callback);
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)), null);
      }
    },
  });
}

/** At most {@link LONGEST_REPLY_BYTES} of a body; what comes after is not received. */
async function readBody(
  body: Dispatcher.ResponseData['body'],
  { signal }: CallScope,
): Promise<Pick<EndpointAnswer, 'body' | 'ending'>> {
  const chunks: Buffer[] = [];
  let length = 0;
  const read = (): Buffer => Buffer.concat(chunks).subarray(0, LONGEST_REPLY_BYTES);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LONGEST_REPLY_BYTES) return { body: read(), ending: 'CUT' };
    }
    return { body: read(), ending: 'WHOLE' };
  } catch (error) {
    if (signal.aborted) throw error;
    return { body: read(), ending: 'BROKEN_OFF' };
  }
}

/** @throws whatever kept the endpoint from answering; see failure.ts */
export async function callEndpoint(
  agent: Agent,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  scope: CallScope,
): Promise<EndpointAnswer> {
  const answer = await request(url, { method: 'POST', headers, body, signal: scope.signal, dispatcher: agent });
  const retryAfter = answer.headers['retry-after'];
  return {
    status: answer.statusCode,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
    ...(await readBody(answer.body, scope)),
  };
}
