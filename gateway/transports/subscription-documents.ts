/** Reads and checks the documents of subscribers; those that come back after a restart send the same ones. */
import { getOperationAST, GraphQLError, OperationTypeNode, parse, validate, type GraphQLSchema } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { HubError } from '../../schema/errors.ts';
import { BoundedMap } from '../bounded-map.ts';

export interface SubscriptionRequest {
  readonly query: string;
  readonly operationName: string | null;
  /** As the caller sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface SubscriptionDocument extends SubscriptionRequest {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** A document that cannot be executed. */
export class DocumentRefused extends Error {
  override readonly name = 'DocumentRefused';

  constructor(readonly errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
  }
}

const MAX_DOCUMENTS = 500;

/** The same error with a code, as Apollo would give it. */
function withCode(error: unknown, code: string): GraphQLError {
  const original = error instanceof Error ? error : new Error(String(error));
  const { nodes, source, positions, originalError } =
    original instanceof GraphQLError ? original : new GraphQLError('');
  return new GraphQLError(original.message, {
    nodes,
    source,
    positions,
    originalError: originalError ?? original,
    extensions: { code },
  });
}

export class SubscriptionDocuments {
  readonly #schema: GraphQLSchema;
  readonly #known = new BoundedMap<DocumentNode>(MAX_DOCUMENTS);

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** @throws DocumentRefused */
  prepare(request: SubscriptionRequest): SubscriptionDocument {
    const document = this.#known.get(request.query) ?? this.#read(request.query);
    const operation = getOperationAST(document, request.operationName);
    if (operation == null) {
      const which = request.operationName ?? '';
      const error = new GraphQLError(`The document has no operation "${which}", or several and none is named.`);
      throw new DocumentRefused([withCode(error, 'OPERATION_RESOLUTION_FAILURE')]);
    }
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
      const refusal = new HubError('UNSUPPORTED', 'Only subscriptions are served here; send the rest over HTTP.');
      throw new DocumentRefused([new GraphQLError(refusal.message, { originalError: refusal })]);
    }
    return { ...request, document, operation };
  }

  #read(query: string): DocumentNode {
    let document: DocumentNode;
    try {
      document = parse(query);
    } catch (error) {
      throw new DocumentRefused([withCode(error, 'GRAPHQL_PARSE_FAILED')]);
    }
    const errors = validate(this.#schema, document);
    if (errors.length > 0) throw new DocumentRefused(errors.map((each) => withCode(each, 'GRAPHQL_VALIDATION_FAILED')));
    this.#known.set(query, document);
    return document;
  }
}
