/** What callers see of an error, and what only the log sees. */
import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, Kind, type GraphQLFormattedError } from 'graphql';
import { HUB_ERROR_CODES, HubError, type HubErrorCode } from '../../schema/errors.ts';
import { internalMessage } from '../http-errors.ts';
import type { Logger } from '../logging.ts';

/** Apollo's codes for what GraphQL itself finds wrong; everything else has a code of the hub or is unexpected. */
const GRAPHQL_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

const isHubCode = (code: unknown): code is HubErrorCode => HUB_ERROR_CODES.some((known) => known === code);

interface Cause {
  readonly code: HubErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The innermost error that carries a code of the hub. */
function hubCause(error: unknown): Cause | null {
  let found: Cause | null = null;
  let current = error;
  for (let depth = 0; current instanceof Error && depth < 10; depth += 1) {
    if (current instanceof HubError) return current;
    if (!(current instanceof GraphQLError)) break;
    const { code, ...details } = current.extensions;
    // `http` is between the thrower and Apollo.
    delete details['http'];
    if (isHubCode(code)) found = { code, message: current.message, details };
    current = current.originalError;
  }
  return found;
}

/** `Variable "$filter" got invalid value "x" at "filter.region"; Expected type "RegionCode". ` */
const PLACE_IN_VARIABLE = / at "([\w.[\]]+)"; (?:Expected type "[\w![\]]+"\. )?$/;

/** graphql-js puts the caller's value before the scalar's own words; this keeps the place and drops the value. */
function withPlace(cause: Cause, error: GraphQLError): string {
  const [node] = error.nodes ?? [];
  if (cause.code !== 'INPUT_INVALID' || node?.kind !== Kind.VARIABLE_DEFINITION) return cause.message;
  const before = error.message.slice(0, -cause.message.length);
  const path = PLACE_IN_VARIABLE.exec(before)?.[1] ?? node.variable.name.value;
  return `Variable "$${path}" is invalid: ${cause.message}`;
}

const TOO_DEEP = 'The document is nested too deeply.';

/** The parser is recursive; a document that exhausts its stack is refused with a syntax error that names the stack. */
const isTooDeep = (error: unknown): boolean =>
  error instanceof RangeError || (error instanceof GraphQLError && isTooDeep(error.originalError));

function shownError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { path, locations } = formatted;
  const place = { ...(locations && { locations }), ...(path && { path }) };
  const cause = hubCause(error);
  if (cause !== null && cause.code !== 'INTERNAL') {
    const message = error instanceof GraphQLError ? withPlace(cause, error) : cause.message;
    return { message, ...place, extensions: { ...cause.details, code: cause.code } };
  }
  const code = formatted.extensions?.['code'];
  if (cause === null && GRAPHQL_CODES.has(code))
    return { message: isTooDeep(error) ? TOO_DEEP : formatted.message, ...place, extensions: { code } };
  return {
    message: 'Something went wrong in the hub; quote the X-Request-Id of this answer.',
    ...place,
    extensions: { code: 'INTERNAL' satisfies HubErrorCode },
  };
}

/** Messages of graphql-js repeat names and values, however long they are. */
const MOST_CHARACTERS = 1_000;

/**
 * Apollo's `formatError`. Everything unexpected becomes INTERNAL; {@link reportErrors} adds the reference.
 * @param error as Apollo caught it
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const shown = shownError(formatted, error);
  if (shown.message.length <= MOST_CHARACTERS) return shown;
  return { ...shown, message: `${shown.message.slice(0, MOST_CHARACTERS)}…` };
}

/** Gives unexpected errors their reference, and tells the log what callers are not told. */
export function reportErrors<C extends BaseContext & { readonly requestId: string }>(
  log: Logger,
): ApolloServerPlugin<C> {
  return {
    contextCreationDidFail: ({ error }) => {
      log.error({ err: error }, 'operation context failed');
      return Promise.resolve();
    },
    unexpectedErrorProcessingRequest: ({ requestContext, error }) => {
      log.error({ requestId: requestContext.contextValue.requestId, err: error }, 'operation processing failed');
      return Promise.resolve();
    },
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: ({ response, errors, contextValue: { requestId }, operationName }) => {
          if (response.body.kind !== 'single' || response.body.singleResult.errors === undefined)
            return Promise.resolve();
          response.body.singleResult.errors = response.body.singleResult.errors.map((shown, index) => {
            if (shown.extensions?.['code'] !== 'INTERNAL') return shown;
            const error = errors?.[index];
            const err: unknown = error === undefined ? undefined : unwrapResolverError(error);
            log.error({ requestId, operationName, path: shown.path?.join('.'), err }, 'operation failed unexpectedly');
            return { ...shown, message: internalMessage(requestId) };
          });
          return Promise.resolve();
        },
      }),
  };
}
