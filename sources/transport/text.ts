/**
 * Texts as clients of the exchange database have written them. Many run in GBK; where their connection was declared as
 * Latin-1, every byte of a Chinese character has become a letter of its own (贵州 -> ¹óÖÝ).
 */
const LATIN_1_LETTER = /[\u0080-\u00ff]/g;
const BEYOND_LATIN_1 = /[\u0100-\u{10ffff}]/u;
const REPLACEMENT = '\ufffd';

/**
 * Gives a text as it was meant: bytes that were taken for Latin-1 are read as GB 18030, padding is cut off.
 * @throws RangeError when it was written in a charset that cannot be told any more
 */
export function readText(text: string): string {
  if (text.includes(REPLACEMENT)) throw new RangeError('holds characters that were lost in a conversion of charsets');
  const letters = text.match(LATIN_1_LETTER)?.length ?? 0;
  // One letter alone is a sign (×, ·, °): a Chinese character has two bytes.
  if (letters < 2 || BEYOND_LATIN_1.test(text)) return text.trim();
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(Buffer.from(text, 'latin1')).trim();
  } catch {
    throw new RangeError('is text in no known charset');
  }
}
