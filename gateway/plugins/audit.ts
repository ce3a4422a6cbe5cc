/** Queries and mutations on record, whichever way they end. */
import { HeaderMap, type ApolloServerPlugin, type BaseContext, type GraphQLRequestContext } from '@apollo/server';
import type { OperationTrace } from '../../schema/audit/operation-trace.ts';
import { HubError } from '../../schema/errors.ts';
import type { Asker, Auditor, AuditedOperation } from '../audit/auditor.ts';
import type { OperationText } from '../audit/describe-operation.ts';
import { codesOf } from '../transports/shown-result.ts';

/** Who asks, and where it is noted what was touched. */
export interface Asked {
  readonly asker: Asker;
  readonly trace: OperationTrace;
}

/** null where the document could not be read or is not valid. */
function textOf<C extends BaseContext>({ document, operation, source, request }: GraphQLRequestContext<C>) {
  if (document === undefined || operation === undefined || source === undefined) return null;
  return { document, operation, source, variables: request.variables ?? {} } satisfies OperationText;
}

/** A root of which every field was refused holds nothing. */
const hasAnything = (data: Readonly<Record<string, unknown>> | null | undefined): boolean =>
  data !== null && data !== undefined && Object.values(data).some((value) => value !== null);

/** The answer to an operation that could not be put on record; it is not executed. */
const refusalOf = ({ code, message }: HubError) => ({
  http: { status: 503, headers: new HeaderMap([['retry-after', '5']]) },
  body: { kind: 'single' as const, singleResult: { errors: [{ message, extensions: { code } }] } },
});

/** @param askedOf by the context of an operation, of which Apollo makes a copy */
export function auditOperations<C extends BaseContext>(
  auditor: Auditor,
  askedOf: (context: C) => Asked | undefined,
): ApolloServerPlugin<C> {
  return {
    requestDidStart({ contextValue }) {
      const asked = askedOf(contextValue);
      if (asked === undefined) return Promise.resolve();
      let operation: AuditedOperation | null = null;
      let isOnRecord = false;
      return Promise.resolve({
        // After all that may refuse it, and before anything is executed.
        async responseForOperation(context) {
          const text = textOf(context);
          if (text === null) return null;
          try {
            operation = await auditor.begin(asked.asker, text, asked.trace);
            return null;
          } catch (error) {
            if (!(error instanceof HubError)) throw error;
            isOnRecord = true;
            return refusalOf(error);
          }
        },
        willSendResponse(context) {
          const { body } = context.response;
          if (isOnRecord || body.kind !== 'single') return Promise.resolve();
          const { data, errors = [] } = body.singleResult;
          const codes = codesOf(errors);
          if (operation !== null) operation.close({ hasData: hasAnything(data), codes });
          // Whoever only asks what an operation would cost is refused nothing.
          else if (codes.length > 0) auditor.refuse(asked.asker, textOf(context), codes);
          return Promise.resolve();
        },
      });
    },
  };
}
