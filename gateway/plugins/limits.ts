/** Tells what an operation costs before it runs, charges its caller, and gives back what was not needed. */
import {
  HeaderMap,
  type ApolloServerPlugin,
  type BaseContext,
  type GraphQLRequestContextDidResolveOperation,
} from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';
import { HubError } from '../../schema/errors.ts';
import type { Admission } from '../limits/admission.ts';
import type { AdmittedRequest } from '../limits/admit-request.ts';
import type { Asker, Charge } from '../limits/budgets.ts';
import type { CallCount } from '../limits/call-count.ts';
import { NOTHING_NEEDED, type OperationCost } from '../limits/operation-cost.ts';
import { graphqlRefusal, refusalHeaders } from '../limits/refusal.ts';

/** What is known of a request when its operation is opened. */
export interface LimitedRequest extends AdmittedRequest {
  readonly asker: Asker;
  /** Calls made on its behalf. */
  readonly calls: CallCount;
}

const unknownOperation = (): GraphQLError =>
  new GraphQLError('The document has no operation of this name, or several and none is named.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
  });

/** @param requestOf by the context of the operation */
export function limitOperations<C extends BaseContext>(
  admission: Admission,
  requestOf: (context: C) => LimitedRequest | undefined,
): ApolloServerPlugin<C> {
  return {
    requestDidStart() {
      let cost: OperationCost | null = null;
      let headers: Charge['headers'] = {};
      const admit = async (context: GraphQLRequestContextDidResolveOperation<C>): Promise<void> => {
        const request = requestOf(context.contextValue);
        // Nothing runs that was not checked before it was parsed.
        if (request === undefined || request.text !== context.source) throw new Error('an operation was not admitted');
        if (context.operation === undefined) throw unknownOperation();
        if (context.operation.operation === OperationTypeNode.SUBSCRIPTION)
          throw new HubError('UNSUPPORTED', 'Subscriptions are served over WebSocket and as server-sent events.');
        cost = admission.costOf(context.document, context.operation, context.request.variables ?? {});
        const charge = await admission.charge(request.asker, request.isDryRun ? NOTHING_NEEDED : cost);
        headers = charge.headers;
        request.calls.whenOver((made) => charge.settle(made));
      };
      return Promise.resolve({
        async didResolveOperation(context) {
          try {
            await admit(context);
          } catch (error) {
            if (!(error instanceof HubError)) throw error;
            headers = refusalHeaders(error);
            throw graphqlRefusal(error);
          }
        },
        responseForOperation({ contextValue }) {
          if (requestOf(contextValue)?.isDryRun !== true) return Promise.resolve(null);
          return Promise.resolve({
            http: { status: undefined, headers: new HeaderMap() },
            body: { kind: 'single', singleResult: { data: null } },
          });
        },
        willSendResponse({ response, contextValue }) {
          for (const [name, value] of Object.entries(headers)) response.http.headers.set(name, value);
          const isShown = cost !== null && (cost.calls > 0 || requestOf(contextValue)?.isDryRun === true);
          if (response.body.kind === 'single' && isShown) {
            const { singleResult } = response.body;
            singleResult.extensions = { ...singleResult.extensions, cost };
          }
          return Promise.resolve();
        },
      });
    },
  };
}
