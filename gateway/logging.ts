/**
 * The hub's log. The message of a line is a constant, the facts are fields, and callers' values, variables and payloads
 * are never among them. What an error quotes, or slips in all the same, is taken out here, in one place: see
 * {@link createLogger}.
 */
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { redactPatterns, redactText } from '../schema/redact-text.ts';

export type { Logger } from 'pino';

type ApolloLogger = NonNullable<ApolloServerOptions<BaseContext>['logger']>;

/** Fields whose values are never written, at whatever depth. */
const PRIVATE: ReadonlySet<string> = new Set([
  ...['headers', 'cookie', 'authorization', 'token', 'secret', 'password', 'variables', 'body', 'payload'],
  ...['document', 'query', 'sql', 'parameters', 'bindings', 'keyvalue', 'result', 'data', 'original', 'input'],
  ...['personname', 'signatory', 'holder', 'legalperson', 'contact', 'phone', 'mobile', 'plate', 'vin', 'idnumber'],
]);
const DEEPEST = 6;
const REMOVED = '[private]';

/** @returns the same without private fields; errors are left to their own form */
function withoutPrivate(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date) return value;
  if (depth === DEEPEST) return '[deep]';
  if (Array.isArray(value)) return value.map((each) => withoutPrivate(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      PRIVATE.has(key.toLowerCase()) ? REMOVED : withoutPrivate(each, depth + 1),
    ]),
  );
}

interface LoggedError {
  readonly type: string;
  readonly code?: string | number;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/** The frames alone: what stands before them is the message, of any number of lines. */
function framesOf({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return frames.map((line) => line.trim()).join('\n');
}

/**
 * Of an error only what tells of the program: never its other fields, where drivers put statements, rows and values.
 * @param error anything that was thrown
 */
function errorForm(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: redactText(String(error)) };
  const code: unknown = 'code' in error ? error.code : undefined;
  const { cause } = error;
  return {
    type: error.constructor.name,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    message: redactText(error.message),
    ...(error.stack !== undefined && { stack: framesOf(error) }),
    ...(cause !== undefined && cause !== null && depth < DEEPEST && { cause: errorForm(cause, depth + 1) }),
  };
}

/**
 * Redacts in three steps: private fields, the form of errors, and in the finished line whatever looks like personal data
 * or a secret, wherever it stands.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { service: 'joint-credit-hub' },
    formatters: { log: (fields) => withoutPrivate(fields) as Record<string, unknown> },
    serializers: { err: (error: unknown) => errorForm(error) },
    hooks: { streamWrite: redactPatterns },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Apollo's own messages, which are texts, as one constant message with the text as a field. */
export function apolloLogger(log: Logger): ApolloLogger {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (text: unknown) =>
    log[level]({ text: redactText(String(text)) }, 'message of the GraphQL server');
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
