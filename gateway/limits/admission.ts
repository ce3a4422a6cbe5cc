/** What every operation passes before it runs, whichever transport brings it: document, size, cost, budgets. */
import { setTimeout as delay } from 'node:timers/promises';
import { getVariableValues, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { HubError } from '../../schema/errors.ts';
import { findText, type AskedDocument, type DocumentRules } from './asked-document.ts';
import type { Asker, Budgets, Charge } from './budgets.ts';
import { DocumentCheck } from './check-document.ts';
import { checkVariables } from './check-inputs.ts';
import type { OperationLimits } from './limit-settings.ts';
import { costOf, type AskableDepartment, type OperationCost } from './operation-cost.ts';

export interface AdmissionOptions {
  readonly schema: GraphQLSchema;
  readonly limits: OperationLimits;
  /** In order of department code. */
  readonly departments: readonly AskableDepartment[];
  /** null: nobody is counted. */
  readonly budgets: Budgets | null;
  readonly rules: DocumentRules;
}

const UNLIMITED: Charge = { headers: {}, settle: () => undefined };

export class Admission {
  readonly #options: AdmissionOptions;
  readonly #documents: DocumentCheck;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#documents = new DocumentCheck(options.limits);
  }

  /** In production what the schema is made of is not told. */
  get concealsSchema(): boolean {
    return this.#options.rules.registeredOnly;
  }

  get limits(): OperationLimits {
    return this.#options.limits;
  }

  /**
   * @param variables as the caller sent them
   * @returns the document's text; null when the request names none
   * @throws HubError DOCUMENT_NOT_REGISTERED, DOCUMENT_LIMIT
   */
  async admit(asked: AskedDocument, variables: Readonly<Record<string, unknown>>): Promise<string | null> {
    if (asked.query !== null) this.#documents.check(asked.query);
    const text = await findText(asked, this.#options.rules);
    if (text !== null) this.#documents.check(text);
    checkVariables(variables, this.limits.listSize);
    return text;
  }

  /**
   * The cost of an operation, or of each event of a subscription.
   * @throws HubError COST_LIMIT
   */
  costOf(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ): OperationCost {
    const { schema, departments, limits } = this.#options;
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    const cost = costOf({ schema, document, operation, variables: coerced ?? variables }, departments);
    for (const limit of ['calls', 'rows'] as const) {
      if (cost[limit] <= limits[limit]) continue;
      const what = limit === 'calls' ? 'calls of departments' : 'records';
      const message = `The operation may need ${cost[limit]} ${what}; the limit is ${limits[limit]}. Ask for less at a time.`;
      throw new HubError('COST_LIMIT', message, { details: { limit, most: limits[limit], needed: cost[limit] } });
    }
    return cost;
  }

  /**
   * @param operations how many of the caller's operations this is
   * @throws HubError RATE_LIMITED
   */
  async charge(asker: Asker, cost: OperationCost, operations = 1): Promise<Charge> {
    return (await this.#options.budgets?.charge(asker, cost, operations)) ?? UNLIMITED;
  }

  /**
   * Waits until the caller's budgets allow an event of a subscription: events are late then, and never lost.
   * @param ending ends the waiting
   */
  async chargeEvent(asker: Asker, cost: OperationCost, ending: AbortSignal): Promise<Charge> {
    while (cost.calls > 0 && !ending.aborted) {
      try {
        return await this.charge(asker, cost, 0);
      } catch (error) {
        if (!(error instanceof HubError) || error.code !== 'RATE_LIMITED') throw error;
        await delay(Number(error.details['retryAfterSeconds']) * 1_000, null, { signal: ending }).catch(() => null);
      }
    }
    return UNLIMITED;
  }
}
