/**
 * Takes out of a text for people what may be personal data or a secret, whoever wrote it. For logs, where an error of a
 * driver, a parser or a department may quote anything.
 */
import { IDENTITY_NUMBER, PHONE, PLATE, VIN } from './personal-patterns.ts';

/** Our own API keys, secrets of endpoints, signed tokens, credentials in headers and in addresses. */
const SECRETS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/jch_[\w-]+/g, 'jch_[token]'],
  [/whsec_[\w+/=-]+/g, 'whsec_[secret]'],
  [/eyJ[\w-]{8,}(?:\.[\w-]*){1,4}/g, '[token]'],
  [/\b(Bearer|Basic) +[\w.~+/=-]+/gi, '$1 [token]'],
  [/(:\/\/)[^\s/@:"]*:[^\s/@"]*@/g, '$1[credentials]@'],
  [/\b(pass(?:word|wd)?|secret|token|api[-_]?key|authorization)(["']?\s*[=:]\s*["']?)[^\s"',;&}]+/gi, '$1$2[secret]'],
];

const NUMBERS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [IDENTITY_NUMBER, '[identity number]'],
  [PHONE, '[phone]'],
  [PLATE, '[plate]'],
  [VIN, '[vin]'],
];

/** Names of persons look like any other words; what we write ourselves is English. */
const CHINESE = /\p{Script=Han}[\p{Script=Han}·]*/gu;

/** Values are quoted, and so are the names of fields and types, which have no blanks. */
const QUOTED = /"(?:[^"\\\n]|\\.)*"|(?<![A-Za-z0-9])'[^'\n]*'|`[^`\n]*`/g;
const IDENTIFIER = /^[\w$.[\]:/@#-]{0,60}$/;

/** Without what is always recognised, in a text that is otherwise our own. */
export function redactPatterns(text: string): string {
  const open = [...SECRETS, ...NUMBERS].reduce((left, [pattern, by]) => left.replaceAll(pattern, by), text);
  return open.replaceAll(CHINESE, '[text]');
}

/** Without what may be somebody's value as well, in a text that somebody else wrote. */
export function redactText(text: string): string {
  const shown = (quoted: string): string => {
    const [mark = ''] = quoted;
    return IDENTIFIER.test(quoted.slice(1, -1)) ? quoted : `${mark}[value]${mark}`;
  };
  return redactPatterns(text.replaceAll(QUOTED, shown));
}
