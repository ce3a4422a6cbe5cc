/**
 * Percent-encoding as Java's URLEncoder does it: UTF-8, a blank becomes `+`. Decoding twice destroys `+` and `%`, so
 * every text goes through here at most once.
 */

/** A text that only digits, Latin letters and harmless signs make up travels as it is. */
const PLAIN = /^[\x20-\x7e]*$/;
const ENCODED_BYTE = /%[0-9A-Fa-f]{2}/;

/** Encodes one value of a document; digits and dates stay plain, as the gateway expects them. */
export function encodeValue(value: string): string {
  if (PLAIN.test(value) && !/[%+]/.test(value)) return value;
  // Half of a surrogate pair has no bytes in any charset.
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD'));
}

/** Whether a text holds at least one encoded byte. A lone `%` or `+` is just itself. */
export function isEncoded(text: string): boolean {
  return ENCODED_BYTE.test(text);
}

/**
 * Decodes once. Bytes that are not UTF-8 are read as GB 18030: some servers encode what their prolog declares.
 * @throws RangeError when the bytes are neither
 */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    try {
      return new TextDecoder('gb18030', { fatal: true }).decode(bytesOf(text));
    } catch {
      throw new RangeError('is percent-encoded in no known charset');
    }
  }
}

/** @throws RangeError for a character that such an encoding cannot hold */
function bytesOf(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character > 0x7e) throw new RangeError('is not encoded throughout');
    if (text[index] !== '%') bytes.push(text[index] === '+' ? 0x20 : character);
    else {
      if (!ENCODED_BYTE.test(text.slice(index, index + 3))) throw new RangeError('holds a broken code');
      bytes.push(Number.parseInt(text.slice(index + 1, index + 3), 16));
      index += 2;
    }
  }
  return Uint8Array.from(bytes);
}
