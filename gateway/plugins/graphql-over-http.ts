/**
 * Media types and status codes of the GraphQL-over-HTTP draft, where Apollo differs: a client of application/json
 * gets 200 for every well-formed request, one of application/graphql-response+json gets 4xx when nothing was executed.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import { JSON_TYPE, responseType } from '../media-type.ts';

/** The request was understood as GraphQL, but its document or variables cannot be executed. */
const WELL_FORMED: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'INPUT_INVALID',
]);

export function graphqlOverHttp(): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: ({ request, response }) => {
          if (response.body.kind !== 'single') return Promise.resolve();
          const type = responseType(request.http?.headers.get('accept')) ?? JSON_TYPE;
          response.http.headers.set('content-type', `${type}; charset=utf-8`);
          const { errors = [] } = response.body.singleResult;
          const isWellFormed = errors.every(({ extensions }) => WELL_FORMED.has(extensions?.['code']));
          if (response.http.status === 400 && type === JSON_TYPE && isWellFormed) response.http.status = 200;
          return Promise.resolve();
        },
      }),
  };
}
