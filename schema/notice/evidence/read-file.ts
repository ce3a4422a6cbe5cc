/** Reads a file that anybody may have written: bounded before it is parsed, and canonical to the byte. */
import { canonicalJson } from '../../signing/canonical-json.ts';

export const LARGEST_FILE_BYTES = 64 * 1_048_576;
const DEEPEST = 32;
/** Values that take little room in a file take much more in memory. */
const MOST_VALUES = 1_000_000;

const codeOf = (character: string): number => character.charCodeAt(0);
const [QUOTE, BACKSLASH, COMMA] = [codeOf('"'), codeOf('\\'), codeOf(',')];
const OPENING = new Set([codeOf('{'), codeOf('[')]);
const CLOSING = new Set([codeOf('}'), codeOf(']')]);

/** @returns what is too much; null when it may be parsed */
function excessOf(bytes: Uint8Array): string | null {
  let depth = 0;
  let values = 1;
  let isInText = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (isInText) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) isInText = false;
    } else if (byte === QUOTE) isInText = true;
    else if (byte === COMMA) values += 1;
    else if (OPENING.has(byte)) {
      depth += 1;
      values += 1;
    } else if (CLOSING.has(byte)) depth -= 1;
    if (depth > DEEPEST) return `it is nested more than ${DEEPEST} deep`;
    if (values > MOST_VALUES) return `it has more than ${MOST_VALUES} values`;
  }
  return null;
}

export type FileReading =
  { readonly value: unknown; readonly fault: null } | { readonly value: null; readonly fault: string };

const faulty = (fault: string): FileReading => ({ value: null, fault });

function parse(bytes: Uint8Array): { readonly text: string; readonly value: unknown } | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function isCanonical(value: unknown, text: string): boolean {
  try {
    return canonicalJson(value) === text;
  } catch {
    return false;
  }
}

/** Never throws, whatever the bytes are. */
export function readCanonicalFile(bytes: Uint8Array): FileReading {
  if (bytes.length > LARGEST_FILE_BYTES) return faulty(`it is larger than ${LARGEST_FILE_BYTES} bytes`);
  const excess = excessOf(bytes);
  if (excess !== null) return faulty(excess);
  const parsed = parse(bytes);
  if (parsed === null) return faulty('it is not JSON in UTF-8');
  if (!isCanonical(parsed.value, parsed.text)) return faulty('it is not canonical JSON (RFC 8785), byte by byte');
  return { value: parsed.value, fault: null };
}
