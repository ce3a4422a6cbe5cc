/**
 * Reads the XML parts of an XLSX file as streams. Only elements, attributes and text pass: spreadsheet programs write
 * nothing else, and everything else (DTD, entities, comments, CDATA, instructions) is how parsers are attacked.
 */
import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { damaged, fileProblem } from '../file-problem.ts';
import type { ImportLimits } from '../limits.ts';

export interface XmlHandlers {
  /** @param name without its namespace prefix */
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

const DECLARATION = /^\uFEFF?\s*<\?xml[^<>]*\?>/;

/** Looks at the text before the parser does, because the parser keeps what it reads until a tag ends. */
function xmlGuard(limits: ImportLimits): (text: string) => void {
  let isFirst = true;
  let endsInTag = false;
  let run = 0;
  return (chunk) => {
    const text = isFirst ? chunk.replace(DECLARATION, '') : chunk;
    isFirst = false;
    if (text.includes('<!') || text.includes('<?') || (endsInTag && /^[!?]/.test(text)))
      throw fileProblem(
        'XML_FORBIDDEN',
        'The file holds a DTD, comments or instructions, which no spreadsheet program writes.',
      );
    endsInTag = text.endsWith('<');
    let start = 0;
    for (let end = text.indexOf('<'); end >= 0; end = text.indexOf('<', start)) {
      if (run + end - start > limits.rowCharacters) throw tooLong();
      run = 0;
      start = end + 1;
    }
    run += text.length - start;
    if (run > limits.rowCharacters) throw tooLong();
  };
}

function tooLong() {
  return fileProblem('FILE_TOO_LARGE', 'A cell of the file is too long.');
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

/**
 * Parses one part.
 * @returns after each piece how many bytes it had, so that the caller can hand on what the handlers gathered
 * @throws HubError INPUT_INVALID with a file problem
 */
export async function* parseXml(
  stream: Readable,
  handlers: XmlHandlers,
  limits: ImportLimits,
): AsyncGenerator<number, void> {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const guard = xmlGuard(limits);
  let depth = 0;
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > limits.xmlDepth) throw fileProblem('FILE_TOO_LARGE', 'The tags of the file are nested too deeply.');
    handlers.open?.(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    handlers.close?.(localName(name));
  });
  if (handlers.text) parser.on('text', (text) => handlers.text?.(text));
  try {
    for await (const data of stream) {
      const chunk = data as Buffer;
      const text = decoder.decode(chunk, { stream: true });
      guard(text);
      parser.write(text);
      yield chunk.length;
    }
    parser.write(decoder.decode());
    parser.close();
  } catch (error) {
    throw damaged(error);
  } finally {
    stream.destroy();
  }
}

/** Parses a part to its end. */
export async function parseWhole(stream: Readable, handlers: XmlHandlers, limits: ImportLimits): Promise<number> {
  let bytes = 0;
  for await (const length of parseXml(stream, handlers, limits)) bytes += length;
  return bytes;
}
