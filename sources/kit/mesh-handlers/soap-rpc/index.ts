/**
 * Mesh handler for SOAP 1.1 services in rpc/encoded style, which the stock SOAP handler (document/literal) cannot
 * call. Each read operation of the WSDL becomes one Query field with a String argument per message part and a String
 * answer, each write operation that the configuration lets in a Mutation field alike; what the strings mean is the
 * department's business.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
} from 'graphql';
import { z } from 'zod';
import { HubError } from '../../../../schema/errors.ts';
import { meshCallOf } from '../../mesh-call.ts';
import { fetch } from '../../mesh-fetch.ts';
import { readContract, type RpcOperation } from './contract.ts';
import { callEnvelope, readReply } from './envelope.ts';

const Config = z.object({
  /** The WSDL file, relative to the project. */
  source: z.string(),
  /** Operations whose names begin so are reads. */
  readPrefix: z.string().default('query'),
  /** Operations whose names begin so are writes; absent = there are none. All others never appear in the schema. */
  writePrefix: z.string().min(1).nullable().default(null),
});

const Arguments = z.record(z.string(), z.string().nullish());

export interface SoapRpcHandlerOptions {
  readonly name: string;
  readonly config: unknown;
  readonly baseDir: string;
}

export default class SoapRpcHandler {
  readonly #options: SoapRpcHandlerOptions;

  constructor(options: SoapRpcHandlerOptions) {
    this.#options = options;
  }

  /** Rejects with an Error when the configured file is not an rpc-style WSDL. */
  getMeshSource(): Promise<{ schema: GraphQLSchema }> {
    return new Promise((settle) => settle({ schema: this.#schema() }));
  }

  #schema(): GraphQLSchema {
    const { source, readPrefix, writePrefix } = Config.parse(this.#options.config);
    const operations = readContract(readFileSync(resolve(this.#options.baseDir, source), 'utf8'));
    const typeOf = (name: string, prefix: string): GraphQLObjectType => {
      const chosen = operations.filter((operation) => operation.name.startsWith(prefix));
      return new GraphQLObjectType({
        name,
        fields: Object.fromEntries(chosen.map((operation) => [operation.field, fieldOf(operation)])),
      });
    };
    return new GraphQLSchema({
      query: typeOf('Query', readPrefix),
      ...(writePrefix !== null && { mutation: typeOf('Mutation', writePrefix) }),
    });
  }
}

function fieldOf(operation: RpcOperation): GraphQLFieldConfig<unknown, unknown> {
  const args: GraphQLFieldConfigArgumentMap = Object.fromEntries(
    operation.parts.map((part) => [part, { type: GraphQLString }]),
  );
  return { type: GraphQLString, args, resolve: (_source, given, context) => call(operation, given, context) };
}

/**
 * Posts one call and gives the text of its return part.
 * @throws HubError SOURCE_*; noted in the call's log first, because Mesh wraps what resolvers throw
 */
async function call(operation: RpcOperation, given: unknown, context: unknown): Promise<string> {
  const { departmentName, log } = meshCallOf(context);
  const values = Object.fromEntries(Object.entries(Arguments.parse(given)).map(([part, value]) => [part, value ?? '']));
  const reply = await fetch(
    operation.address,
    {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
      body: callEnvelope(operation, values),
    },
    context,
  );
  try {
    return readReply(await reply.text(), operation, values, departmentName);
  } catch (error) {
    if (error instanceof HubError) log.failures.push(error);
    throw error;
  }
}
