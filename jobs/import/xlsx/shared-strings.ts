/** The table of texts that cells refer to by number. */
import type { Readable } from 'node:stream';
import type { ImportLimits } from '../limits.ts';
import { parseWhole } from './xml-parts.ts';

/** How the format writes control characters: `_x000D_`, and `_x005F_` for the underscore of a text that looks so. */
const ESCAPED = /_x([0-9A-Fa-f]{4})_/g;

export function unescaped(text: string): string {
  return text.includes('_x')
    ? text.replace(ESCAPED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}

/** Joins the pieces of a formatted text; the pronunciation beside it (rPh) is no part of it. */
export class RichText {
  #text = '';
  #inText = false;
  #inPronunciation = false;

  open(name: string): void {
    if (name === 't') this.#inText = true;
    else if (name === 'rPh') this.#inPronunciation = true;
  }

  text(text: string): void {
    if (this.#inText && !this.#inPronunciation) this.#text += text;
  }

  close(name: string): void {
    if (name === 't') this.#inText = false;
    else if (name === 'rPh') this.#inPronunciation = false;
  }

  /** The text so far; the next one begins. */
  take(): string {
    const text = unescaped(this.#text);
    this.#text = '';
    return text;
  }
}

/** @returns the texts in order */
export async function readSharedStrings(stream: Readable, limits: ImportLimits): Promise<readonly string[]> {
  const texts: string[] = [];
  const rich = new RichText();
  await parseWhole(
    stream,
    {
      open: (name) => rich.open(name),
      text: (text) => rich.text(text),
      close(name) {
        rich.close(name);
        if (name === 'si') texts.push(rich.take());
      },
    },
    limits,
  );
  return texts;
}
