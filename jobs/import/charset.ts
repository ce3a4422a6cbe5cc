/** In which character set a file of text is written. */
export const CHARSETS = ['utf-8', 'gb18030', 'utf-16le'] as const;
export type Charset = (typeof CHARSETS)[number];

/** A damaged file in UTF-8 has a few wrong bytes; a file in GB18030 read as UTF-8 has hardly a right one. */
const DAMAGE_IN_UTF8 = 0.1;
const NOT_ASCII = /[^\0-\x7f]/g;

/**
 * @param sample the beginning of the file, long enough to hold something beyond ASCII where the file does. Its last
 *   character may be cut.
 * @returns by the byte order mark; else UTF-8 where the sample is valid; else GB18030
 */
export function detectCharset(sample: Uint8Array): Charset {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
  // A stream's decoder keeps a cut character at the end to itself.
  const text = new TextDecoder('utf-8').decode(sample, { stream: true });
  const beyondAscii = text.match(NOT_ASCII)?.length ?? 0;
  const wrong = text.split('\uFFFD').length - 1;
  return wrong <= beyondAscii * DAMAGE_IN_UTF8 ? 'utf-8' : 'gb18030';
}
