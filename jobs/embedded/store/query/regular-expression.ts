import { BSONRegExp } from 'bson';
import { refuseValue } from '../mongo-error.ts';
import type { Value } from '../bson/values.ts';

const MAX_PATTERN_LENGTH = 32_764;

/**
 * MongoDB's options i, m, s and u; x and others are refused.
 * @throws MongoError 2 BadValue for a pattern that cannot be read
 */
export function toRegExp(pattern: Value | undefined, options: Value | undefined): RegExp {
  const source = pattern instanceof BSONRegExp ? pattern.pattern : pattern;
  if (typeof source !== 'string') return refuseValue('$regex has to be a string');
  if (source.length > MAX_PATTERN_LENGTH) return refuseValue('Regular expression is too long');
  const flags = options ?? (pattern instanceof BSONRegExp ? pattern.options : '');
  if (typeof flags !== 'string') return refuseValue('$options has to be a string');
  const unknown = Array.from(flags).find((flag) => !'imsu'.includes(flag));
  if (unknown !== undefined) return refuseValue(`invalid flag in regex options: ${unknown}`);
  try {
    return new RegExp(source, Array.from(new Set(flags)).join(''));
  } catch (error) {
    return refuseValue(`Regular expression is invalid: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The text that every match begins with; null when there is none to rely on. */
export function literalPrefix(expression: RegExp): string | null {
  if (expression.flags.includes('i') || expression.flags.includes('m')) return null;
  const { source } = expression;
  if (!source.startsWith('^') || source.includes('|')) return null;
  const literal = /^[^\\^$.*+?()[\]{}|/]*/.exec(source.slice(1))?.[0] ?? '';
  const next = source[1 + literal.length] ?? '';
  // In /^ab*/ the b may be missing.
  const sure = '*?{'.includes(next) && next !== '' ? Array.from(literal).slice(0, -1).join('') : literal;
  return sure === '' ? null : sure;
}
