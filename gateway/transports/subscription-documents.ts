/** Reads and checks the documents of subscribers; those that come back after a restart send the same ones. */
import {
  getOperationAST,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type GraphQLSchema,
} from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { HubError } from '../../schema/errors.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { Admission } from '../limits/admission.ts';
import { readAskedDocument } from '../limits/asked-document.ts';
import type { Asker } from '../limits/budgets.ts';
import { NOTHING_NEEDED, type OperationCost } from '../limits/operation-cost.ts';

export interface SubscriptionRequest {
  /** Absent or empty: named by an id. */
  readonly query?: string | null | undefined;
  readonly documentId?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName: string | null;
  /** As the caller sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface SubscriptionDocument {
  readonly query: string;
  readonly operationName: string | null;
  /** As the caller sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly asker: Asker;
  /** Of each event. */
  readonly cost: OperationCost;
  /** Tell the cost and follow nothing. */
  readonly isDryRun: boolean;
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
  readonly #admission: Admission;
  readonly #known = new BoundedMap<DocumentNode>(MAX_DOCUMENTS);

  constructor(schema: GraphQLSchema, admission: Admission) {
    this.#schema = schema;
    this.#admission = admission;
  }

  /**
   * Reads, checks and charges the beginning of a subscription.
   * @throws DocumentRefused; HubError of the limits
   */
  async prepare(request: SubscriptionRequest, asker: Asker): Promise<SubscriptionDocument> {
    const { operationName, variables, extensions } = request;
    const asked = readAskedDocument(request.query, request.documentId, extensions);
    const query = (await this.#admission.admit(asked, variables)) ?? '';
    const document = this.#known.get(query) ?? this.#read(query);
    const operation = getOperationAST(document, operationName);
    if (operation == null) {
      const which = operationName ?? '';
      const error = new GraphQLError(`The document has no operation "${which}", or several and none is named.`);
      throw new DocumentRefused([withCode(error, 'OPERATION_RESOLUTION_FAILURE')]);
    }
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
      const refusal = new HubError('UNSUPPORTED', 'Only subscriptions are served here; send the rest over HTTP.');
      throw new DocumentRefused([new GraphQLError(refusal.message, { originalError: refusal })]);
    }
    const cost = this.#admission.costOf(document, operation, variables);
    await this.#admission.charge(asker, NOTHING_NEEDED);
    const isDryRun = extensions?.['dryRun'] === true;
    return { query, operationName, variables, document, operation, asker, cost, isDryRun };
  }

  #read(query: string): DocumentNode {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: this.#admission.limits.tokens });
    } catch (error) {
      throw new DocumentRefused([withCode(error, 'GRAPHQL_PARSE_FAILED')]);
    }
    const rules = this.#admission.concealsSchema
      ? [...specifiedRules, NoSchemaIntrospectionCustomRule]
      : specifiedRules;
    const errors = validate(this.#schema, document, rules);
    if (errors.length > 0) throw new DocumentRefused(errors.map((each) => withCode(each, 'GRAPHQL_VALIDATION_FAILED')));
    this.#known.set(query, document);
    return document;
  }
}
