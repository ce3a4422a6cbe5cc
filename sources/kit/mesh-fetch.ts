/**
 * The one way out for HTTP: Mesh's customFetch. Adds address and credentials at the last moment, takes the receipt
 * of the raw reply, and names each kind of failure before Mesh can blur it.
 */
import { Agent, errors, request } from 'undici';
import { HubError } from '../../schema/errors.ts';
import { meshCallOf, type MeshCall } from './mesh-call.ts';
import { sm3Hex } from '../../schema/signing/sm3.ts';
import type { HttpTransport } from './transport.ts';

const MAX_REPLY_BYTES = 64 * 1024 * 1024;
const agent = new Agent({
  connections: 64,
  pipelining: 1,
  keepAliveTimeout: 30_000,
  // Holds for replies that do not declare their length, too.
  maxResponseSize: MAX_REPLY_BYTES,
});

/** What Mesh reads of a Response; building real ones costs a tenth of a batched call. */
export interface TextReply {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  text(): Promise<string>;
  json(): Promise<unknown>;
}

/**
 * Decodes a reply. Departments declare one charset and send another, so the bytes decide: valid UTF-8 is UTF-8,
 * anything else is read as GB 18030.
 * @throws HubError SOURCE_MALFORMED when it is neither
 */
export function decodeReply(bytes: Uint8Array, departmentName: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    try {
      return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
    } catch (cause) {
      throw new HubError('SOURCE_MALFORMED', `${departmentName} sent text in no known charset.`, { cause });
    }
  }
}

/** Refuses statuses that are not an answer. */
function checkStatus(status: number, departmentName: string): void {
  if (status < 300) return;
  if (status === 401 || status === 403 || status === 429)
    throw new HubError('SOURCE_REFUSED', `${departmentName} refused the call (HTTP ${status}).`);
  if (status >= 500) throw new HubError('SOURCE_UNAVAILABLE', `${departmentName} failed (HTTP ${status}).`);
  throw new HubError(
    'SOURCE_MALFORMED',
    `${departmentName} answered HTTP ${status}, which its contract does not know.`,
  );
}

async function send(
  call: MeshCall,
  http: HttpTransport,
  url: string,
  init: { method?: string; body?: string | URLSearchParams | null; headers?: unknown },
): Promise<TextReply> {
  const asked = new URL(url, 'http://contract.invalid');
  const endpoint = new URL(http.endpoint);
  const path = `${endpoint.pathname.replace(/\/$/, '')}${asked.pathname}${asked.search}`;
  const method = (init.method ?? 'GET').toUpperCase();
  const written = init.body === undefined || init.body === null ? null : String(init.body);
  const body = written === null ? null : (http.sealBody?.(written) ?? written);
  let bytes: Uint8Array;
  let status: number;
  try {
    const reply = await request(`${endpoint.origin}${path}`, {
      method: method as 'GET' | 'POST',
      body,
      headers: {
        ...Object.fromEntries(new Headers(init.headers as Record<string, string> | undefined)),
        ...http.headers?.({ method, path, body }),
      },
      signal: call.signal,
      dispatcher: agent,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    status = reply.statusCode;
    const declared = Number(reply.headers['content-length'] ?? 0);
    if (declared > MAX_REPLY_BYTES) {
      reply.body.destroy();
      throw new HubError('SOURCE_MALFORMED', `${call.departmentName} sent a reply of ${declared} bytes.`);
    }
    bytes = await reply.body.bytes();
  } catch (cause) {
    if (cause instanceof HubError) throw cause;
    if (cause instanceof errors.ResponseExceededMaxSizeError) {
      throw new HubError(
        'SOURCE_MALFORMED',
        `${call.departmentName} sent a reply of more than ${MAX_REPLY_BYTES} bytes.`,
        {
          cause,
        },
      );
    }
    throw unreachable(call, cause);
  }
  call.log.receipts.push(sm3Hex(bytes));
  call.log.httpStatus = status;
  checkStatus(status, call.departmentName);
  const decoded = decodeReply(bytes, call.departmentName);
  const text = http.unwrap?.(decoded) ?? decoded;
  return {
    ok: true,
    status,
    statusText: '',
    headers: new Headers({ 'content-type': 'application/json' }),
    text: () => Promise.resolve(text),
    json: () => Promise.resolve(JSON.parse(text) as unknown),
  };
}

/** Names a failure of the network: the deadline (the caller's signal) or everything else. */
export function unreachable(call: Pick<MeshCall, 'signal' | 'departmentName'>, cause: unknown): HubError {
  return call.signal.aborted
    ? new HubError('SOURCE_TIMEOUT', `${call.departmentName} did not answer in time.`, { cause })
    : new HubError('SOURCE_UNAVAILABLE', `${call.departmentName} could not be reached.`, { cause });
}

/** Mesh's customFetch: `(url, init, context)`. Every failure is noted in the call's log before it is thrown. */
export async function fetch(
  url: string,
  init: { method?: string; body?: string | URLSearchParams | null; headers?: unknown } | undefined,
  context: unknown,
): Promise<TextReply> {
  const call = meshCallOf(context);
  try {
    if (call.transport.kind !== 'http') throw new Error(`${call.departmentName} has no HTTP transport`);
    return await send(call, call.transport, url, init ?? {});
  } catch (error) {
    if (error instanceof HubError) call.log.failures.push(error);
    throw error;
  }
}

export default fetch;
