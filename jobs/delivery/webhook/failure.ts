/** What it means that a call got no answer. Pure. */
import { errors } from 'undici';
import type { CallScope } from '../../../schema/ports.ts';
import { HubError } from '../../../schema/errors.ts';
import { withoutAnswer, type Verdict } from './reply.ts';

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection broke off.',
  EPIPE: 'The connection broke off.',
  UND_ERR_SOCKET: 'The connection broke off.',
  ENOTFOUND: 'The name of the host is not known (DNS).',
  EAI_AGAIN: 'The name of the host could not be looked up (DNS).',
  EHOSTUNREACH: 'There is no way to the host.',
  ENETUNREACH: 'There is no way to the host.',
  ETIMEDOUT: 'There was no connection in time.',
  UND_ERR_CONNECT_TIMEOUT: 'There was no connection in time.',
  UND_ERR_HEADERS_TIMEOUT: 'There was no reply in time.',
  UND_ERR_BODY_TIMEOUT: 'There was no reply in time.',
};

/** A timer may ring a little before the clock shows its time. */
const TIMER_SLACK_MS = 100;

/** Names of OpenSSL's and Node's complaints about a certificate or a handshake. */
const TLS = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE/;

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Replies that break the rules of HTTP. */
const isNoHttp = (error: unknown): boolean =>
  error instanceof errors.HTTPParserError ||
  error instanceof errors.HeadersOverflowError ||
  error instanceof errors.ResponseContentLengthMismatchError;

/** @param error with which the call failed */
export function judgeFailure(error: unknown, { signal, deadlineAt }: CallScope): Verdict {
  if (signal.aborted) {
    return Date.now() >= deadlineAt - TIMER_SLACK_MS
      ? withoutAnswer('UNREACHABLE', 'There was no reply in time.', 'ILL')
      : withoutAnswer('UNREACHABLE', 'The hub ended the call.', 'UNKNOWN');
  }
  if (error instanceof HubError && error.code === 'ADDRESS_NOT_ALLOWED') {
    return withoutAnswer('REFUSED', `Not called. ${error.message}`, 'ILL');
  }
  if (isNoHttp(error)) return withoutAnswer('BROKEN', 'The reply is not HTTP.', 'ILL');
  const code = codeOf(error);
  const detail = TLS.test(code)
    ? `No secure connection: the certificate or the handshake was not accepted (${code}).`
    : (NETWORK[code] ?? `The endpoint could not be reached${code === '' ? '' : ` (${code})`}.`);
  return withoutAnswer('UNREACHABLE', detail, 'ILL');
}
