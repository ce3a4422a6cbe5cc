/** RFC 8785: one text for one value, whoever writes it. */
import canonicalizeText from 'canonicalize';
import { formatInstant } from '../time/instant.ts';
import type { CanonicalJson } from './signature.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Instants as the graph writes them; fields without a value are left out. */
function plain(value: unknown): Json {
  if (value instanceof Date) return formatInstant(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [[key, plain(each)]])),
    );
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError('This value has no form in JSON.');
}

/** @throws TypeError for what JSON cannot say: functions, NaN, big integers */
export function canonicalJson(value: unknown): CanonicalJson {
  const text = canonicalizeText(plain(value));
  if (text === undefined) throw new TypeError('This value has no form in JSON.');
  return text as CanonicalJson;
}
