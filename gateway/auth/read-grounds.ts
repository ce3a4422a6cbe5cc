/** Purpose and case number of a request, from its headers or from the payload of `connection_init`. */
import type { IncomingHttpHeaders } from 'node:http';
import { parseGrounds, type Grounds } from '../../schema/access/grounds.ts';
import { HubError } from '../../schema/errors.ts';
import { HttpError } from '../http-errors.ts';

export const PURPOSE_HEADER = 'hub-purpose';
export const CASE_HEADER = 'hub-case-number';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Headers are bytes: Chinese comes percent-encoded, or as UTF-8, which Node hands over one character per byte. */
function decodeHeader(value: string): string {
  try {
    return decodeURIComponent(utf8.decode(Buffer.from(value, 'latin1')));
  } catch {
    throw new HttpError(400, 'The case number is neither UTF-8 nor percent-encoded UTF-8.', 'INPUT_INVALID');
  }
}

/**
 * @param payload of a WebSocket's introduction; what it says goes before the headers
 * @throws HttpError 400
 */
export function readGrounds(headers: IncomingHttpHeaders, payload: Readonly<Record<string, unknown>> = {}): Grounds {
  const caseHeader = headers[CASE_HEADER]?.toString();
  try {
    return parseGrounds({
      purpose: payload['purpose'] ?? headers[PURPOSE_HEADER],
      caseNumber: payload['caseNumber'] ?? (caseHeader === undefined ? undefined : decodeHeader(caseHeader)),
    });
  } catch (error) {
    if (error instanceof HubError) throw new HttpError(400, error.message, 'INPUT_INVALID');
    throw error;
  }
}
