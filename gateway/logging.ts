import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

type ApolloLogger = NonNullable<ApolloServerOptions<BaseContext>['logger']>;

/**
 * The message of a line is a constant, the facts are fields. Callers' values, variables and payloads are never
 * logged; the redaction is the second lock.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: 'joint-credit-hub' },
    redact: ['headers', '*.headers', 'variables', '*.variables', 'body', '*.body'],
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Apollo's own messages, which are texts, as one constant message with the text as a field. */
export function apolloLogger(log: Logger): ApolloLogger {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (text: unknown) =>
    log[level]({ text: String(text) }, 'message of the GraphQL server');
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
