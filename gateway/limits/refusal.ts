/** What the limits refuse, as HTTP and as GraphQL have it. */
import { GraphQLError } from 'graphql';
import type { HubError, HubErrorCode } from '../../schema/errors.ts';
import { HttpError } from '../http-errors.ts';

const STATUS: Partial<Record<HubErrorCode, number>> = { DOCUMENT_NOT_REGISTERED: 403, RATE_LIMITED: 429 };

const statusOf = ({ code }: HubError): number => STATUS[code] ?? 400;

export function refusalHeaders({ details }: HubError): Readonly<Record<string, string>> {
  const seconds = details['retryAfterSeconds'];
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

export const httpRefusal = (error: HubError): HttpError =>
  new HttpError(statusOf(error), error.message, error.code, error.details, refusalHeaders(error));

/** For Apollo, which takes the status out of it. */
export const graphqlRefusal = (error: HubError): GraphQLError =>
  new GraphQLError(error.message, {
    originalError: error,
    extensions: { ...error.details, code: error.code, http: { status: statusOf(error) } },
  });
