/**
 * Reads the XML that SOAP services send back: elements and their text, nothing else. Document types and entities are
 * not supported at all, so there is nothing to expand and nothing to fetch; tags must match, so a document that was
 * cut off is an error and not a shorter answer.
 *
 * Why not the XML library that reads the contract: it walks text character by character. The percent-encoded answer
 * of one issuing office (7 MB in a single text node) took it 600 to 1100 ms, and it accepts unclosed elements. This
 * reader jumps from tag to tag.
 */
import { HubError } from '../../../../schema/errors.ts';

export interface XmlElement {
  /** Local name in lower case: departments differ in prefixes, and their middleware in case. */
  readonly name: string;
  readonly children: XmlElement[];
  /** Its own text and CDATA, entities resolved, without blanks at either end once the element is closed. */
  text: string;
}

const MAX_DEPTH = 64;
/** Name, attributes (their values are not needed), and the slash of an empty element. */
const OPENING_TAG = /<([^\s/>"'=<&]+)(?:\s+[^\s/>"'=<]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>/y;
const REFERENCE = /&(?:#x([0-9a-f]{1,6});|#([0-9]{1,7});|[^;&\s]{0,10};?)/gi;
const OTHER_REFERENCE = /&(?!(?:lt|gt|quot|apos|amp);)/;

/**
 * @param text a whole document; a byte order mark and whatever the prolog says about the charset do not matter
 * @param sender for messages, e.g. "Public Security"
 * @returns the root element
 * @throws HubError SOURCE_MALFORMED when it is not well-formed, or holds a document type or an unknown entity
 */
export function readXml(text: string, sender: string): XmlElement {
  const malformed = (problem: string): HubError =>
    new HubError('SOURCE_MALFORMED', `${sender} sent XML that cannot be read: ${problem}.`);
  const document: XmlElement = { name: '', children: [], text: '' };
  const open: { readonly tag: string; readonly element: XmlElement }[] = [];
  let current = document;
  let position = text.startsWith('\uFEFF') ? 1 : 0;

  const indexOf = (end: string, from: number): number => {
    const index = text.indexOf(end, from);
    if (index < 0) throw malformed('it ends too early');
    return index;
  };

  while (position < text.length) {
    const next = text.indexOf('<', position);
    if (next !== position)
      current.text += resolveReferences(text.slice(position, next < 0 ? text.length : next), malformed);
    if (next < 0) break;
    if (text.startsWith('</', next)) {
      const end = indexOf('>', next);
      const closed = open.pop();
      if (closed?.tag !== text.slice(next + 2, end).trim()) throw malformed('its tags do not match');
      closed.element.text = closed.element.text.trim();
      current = open.at(-1)?.element ?? document;
      position = end + 1;
    } else if (text.startsWith('<?', next)) {
      position = indexOf('?>', next) + 2;
    } else if (text.startsWith('<!--', next)) {
      position = indexOf('-->', next + 4) + 3;
    } else if (text.startsWith('<![CDATA[', next)) {
      const end = indexOf(']]>', next);
      current.text += text.slice(next + 9, end);
      position = end + 3;
    } else if (text.startsWith('<!', next)) {
      throw malformed('it holds a document type declaration, which is never read');
    } else {
      OPENING_TAG.lastIndex = next;
      const [whole, tag = '', slash] = OPENING_TAG.exec(text) ?? [];
      if (whole === undefined) throw malformed(`there is no tag at position ${next}`);
      const element: XmlElement = { name: localNameOf(tag), children: [], text: '' };
      current.children.push(element);
      if (slash === '') {
        if (open.push({ tag, element }) > MAX_DEPTH) throw malformed('its elements are nested too deeply');
        current = element;
      }
      position = next + whole.length;
    }
  }
  if (open.length > 0) throw malformed('it ends too early');
  const [root, ...others] = document.children;
  if (root === undefined || others.length > 0 || document.text.trim() !== '')
    throw malformed('it is not one element with nothing around it');
  return root;
}

/** The first child of that name; null when there is none. @param name in lower case */
export function findChild(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((child) => child.name === name) ?? null;
}

/** Makes text safe between tags. Control characters, which XML 1.0 cannot hold at all, are left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, (character) => ('\t\n\r'.includes(character) ? character : ''))
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

function localNameOf(tag: string): string {
  return tag.slice(tag.indexOf(':') + 1).toLowerCase();
}

/** Only the five names that XML itself defines, and numbers: Axis writes every Chinese character as one. */
function resolveReferences(text: string, malformed: (problem: string) => HubError): string {
  if (!text.includes('&')) return text;
  // A whole document inside a text node has one reference per tag: without numbers, plain replacing is quickest.
  if (!OTHER_REFERENCE.test(text)) return resolveNames(text);
  return text.replace(REFERENCE, (whole, hexadecimal: string | undefined, decimal: string | undefined) => {
    if (hexadecimal === undefined && decimal === undefined) {
      if (OTHER_REFERENCE.test(whole)) throw malformed('it uses an entity that XML does not define');
      return resolveNames(whole);
    }
    const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
    if (!isCharacter(code)) throw malformed('it refers to a character that does not exist');
    return String.fromCodePoint(code);
  });
}

/** `&amp;` comes last, so that nothing is resolved twice. */
function resolveNames(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

function isCharacter(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff))
  );
}
