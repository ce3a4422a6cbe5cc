/**
 * Mesh's own log: it tells of every schema that it loads, which nobody needs to read; warnings and errors pass, without
 * what they may quote of a department's answer.
 */
import { DefaultLogger, LogLevel } from '@graphql-mesh/utils';
import { redactText } from '../../schema/redact-text.ts';

const redacted =
  (write: (text: string) => void) =>
  (...parts: readonly unknown[]): void =>
    write(redactText(parts.map(String).join(' ')));

const { debug, error, info, log, warn } = globalThis.console;

export default new DefaultLogger('mesh', LogLevel.warn, undefined, {
  ...globalThis.console,
  debug: redacted(debug),
  error: redacted(error),
  info: redacted(info),
  log: redacted(log),
  warn: redacted(warn),
});
