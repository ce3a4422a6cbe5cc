/** What subscribers see of a result; what else is to be known of its errors goes to the log. */
import { GraphQLError, Kind, type ExecutionResult, type FormattedExecutionResult } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { internalMessage } from '../http-errors.ts';
import type { Logger } from '../logging.ts';
import { concealSchema } from '../plugins/conceal-schema.ts';
import { formatError } from '../plugins/errors.ts';

/** graphql-js gives no code to a variable of the wrong type. */
function codeOf({ extensions, nodes }: GraphQLError): Readonly<Record<string, unknown>> {
  const isOfVariable = nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION;
  return isOfVariable && extensions['code'] === undefined ? { ...extensions, code: 'BAD_USER_INPUT' } : extensions;
}

/** Of errors as they are shown. */
export const codesOf = (errors: readonly GraphQLFormattedError[]): string[] =>
  errors.map(({ extensions }) => (typeof extensions?.['code'] === 'string' ? extensions['code'] : 'INTERNAL'));

export interface Showing {
  /** The reference that the caller may quote. */
  readonly requestId: string;
  readonly log: Logger;
  /** Leave out what errors tell about the schema. */
  readonly concealsSchema: boolean;
}

export function showErrors(
  errors: readonly GraphQLError[],
  { requestId, log, concealsSchema }: Showing,
): readonly GraphQLFormattedError[] {
  const format = concealsSchema ? concealSchema(formatError) : formatError;
  return errors.map((error) => {
    const shown = format({ ...error.toJSON(), extensions: codeOf(error) }, error);
    if (shown.extensions?.['code'] !== 'INTERNAL') return shown;
    const err = error.originalError ?? error;
    log.error({ requestId, path: shown.path?.join('.'), err }, 'a subscription failed unexpectedly');
    return { ...shown, message: internalMessage(requestId) };
  });
}

export function showResult(result: ExecutionResult, showing: Showing): FormattedExecutionResult {
  const { errors, ...rest } = result;
  return errors === undefined ? rest : { ...rest, errors: showErrors(errors, showing) };
}

/** Any failure as an error of GraphQL, which keeps it as its cause. */
export function toGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
