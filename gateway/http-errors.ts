/** Failures below GraphQL, in the shape of GraphQL: `{"errors":[{"message","extensions":{"code"}}]}`. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { fastify, type FastifyReply, type FastifyRequest } from 'fastify';
import type { HubError, HubErrorCode } from '../schema/errors.ts';
import { JSON_TYPE, responseType } from './media-type.ts';
import { SECURITY_HEADERS } from './plugins/security-headers.ts';

export type HttpErrorCode = HubErrorCode | 'BAD_REQUEST';

/** A failure that is answered with its own status and message. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly statusCode: number,
    message: string,
    readonly code: HttpErrorCode = 'BAD_REQUEST',
    readonly details: HubError['details'] = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

const bodyOf = ({ code, message, details }: Pick<HttpError, 'code' | 'message' | 'details'>): string =>
  `${JSON.stringify({ errors: [{ message, extensions: { ...details, code } }] })}\n`;

export const internalMessage = (requestId: string): string =>
  `Something went wrong in the hub; quote reference ${requestId}.`;

const { errorCodes } = fastify;

/** What Fastify found wrong with a request, in words for the caller. */
function toHttpError(error: unknown, bodyLimitBytes: number): HttpError | null {
  if (error instanceof HttpError) return error;
  if (error instanceof errorCodes.FST_ERR_CTP_BODY_TOO_LARGE)
    return new HttpError(413, `The request body is larger than ${bodyLimitBytes} bytes.`, 'PAYLOAD_TOO_LARGE');
  if (error instanceof errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE)
    return new HttpError(415, `Send the request as ${JSON_TYPE} in UTF-8.`);
  if (error instanceof errorCodes.FST_ERR_CTP_EMPTY_JSON_BODY) return new HttpError(400, 'The request body is empty.');
  if (error instanceof errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH)
    return new HttpError(400, 'The request body is not as long as its Content-Length says.');
  if (error instanceof errorCodes.FST_ERR_BAD_URL) return new HttpError(400, 'The address is not a valid URL.');
  return null;
}

/**
 * Answers any failure that happens outside of an operation; the unexpected goes to the log only.
 * @param onRefused told of a failure that is the caller's
 */
export async function sendHttpError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  bodyLimitBytes: number,
  onRefused: (refusal: HttpError) => void = () => undefined,
): Promise<void> {
  const known = toHttpError(error, bodyLimitBytes);
  if (known === null) request.log.error({ requestId: request.id, err: error }, 'request failed');
  if (known !== null) onRefused(known);
  const shown = known ?? new HttpError(500, internalMessage(request.id), 'INTERNAL');
  const { statusCode, headers } = shown;
  if (statusCode === 401) void reply.header('www-authenticate', 'Bearer');
  await reply
    .code(statusCode)
    .headers({ ...headers, 'x-request-id': request.id })
    .type(`${responseType(request.headers.accept) ?? JSON_TYPE}; charset=utf-8`)
    .send(bodyOf(shown));
}

const STATUS_OF_CONNECTION_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers on a socket that Fastify does not, or no longer, serve, and ends it. */
export function endSocket(socket: Duplex, error: HttpError, headers: readonly string[] = []): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = bodyOf(error);
  const head = [
    `HTTP/1.1 ${error.statusCode} ${STATUS_CODES[error.statusCode] ?? ''}`,
    `Content-Type: ${JSON_TYPE}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
    ...headers,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Answers what is not even HTTP. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET') socket.destroy();
  const status = STATUS_OF_CONNECTION_ERROR[error.code ?? ''] ?? 400;
  endSocket(socket, new HttpError(status, 'The request is not valid HTTP.'));
}
