/**
 * The documents inside the SOAP strings (wire-formats A.2, A.5): conditions out, head and rows back. What the rows
 * mean is not known here.
 */
import { HubError } from '../../schema/errors.ts';
import { UnreadableValue } from '../kit/adapter.ts';
import { withoutSecrets } from '../kit/mesh-handlers/soap-rpc/envelope.ts';
import { escapeXml, findChild, readXml, type XmlElement } from '../kit/mesh-handlers/soap-rpc/read-xml.ts';
import { decodePercent, encodeValue, isEncoded } from './percent.ts';

/** Fields of one QueryCondition in the gateway's names; empty ones are left out. */
export type Condition = Readonly<Record<string, string>>;
/** Fields of one vehispara of a write; empty ones become empty elements. */
export type WrittenRow = Readonly<Record<string, string>>;

/** One `vehispara`: its fields by name in lower case. An empty element is ''. */
export type WireRow = Readonly<Record<string, string | UnreadableValue>>;

const SENDER = 'Public Security';
/** Head codes of an answer that is one. A write may know a further positive one (wire-formats A.5). */
export const QUERY_CODES: readonly number[] = [1];

/** The query document. The gateway takes several conditions at once and answers the rows of all of them. */
export function queryDocument(conditions: readonly Condition[]): string {
  return documentOf(conditions.map((condition) => elementOf('QueryCondition', condition, true)));
}

/** The document of a write. The gateway takes several rows at once. */
export function writeDocument(rows: readonly WrittenRow[]): string {
  return documentOf(rows.map((row) => elementOf('vehispara', row, false)));
}

function elementOf(name: string, values: Readonly<Record<string, string>>, withoutEmpty: boolean): string {
  const fields = Object.entries(values)
    .filter(([, value]) => !withoutEmpty || value !== '')
    .map(([field, value]) => `<${field}>${escapeXml(encodeValue(value))}</${field}>`);
  return `<${name}>${fields.join('')}</${name}>`;
}

function documentOf(elements: readonly string[]): string {
  // The prolog is what the interface demands; the string itself is Unicode and the transport UTF-8.
  return `<?xml version="1.0" encoding="GBK"?><root>${elements.join('')}</root>`;
}

/**
 * Reads an answer: percent-encoded as a whole (decoded once), or XML whose values are encoded one by one.
 * @param serial the credential of the call, kept out of messages that repeat the gateway's words
 * @param accepted head codes that mean success
 * @returns the rows in the order of the answer
 * @throws HubError SOURCE_UNAVAILABLE for `$E...`, which is no answer to the question; SOURCE_REFUSED with the
 *   gateway's message when the head code is 0 or negative; SOURCE_MALFORMED for everything that is no such document
 */
export function readAnswer(text: string, serial: string, accepted = QUERY_CODES): readonly WireRow[] {
  const { document, valuesEncoded } = unwrap(text);
  const root = readXml(document, SENDER);
  const head = findChild(root, 'head');
  if (root.name !== 'root' || head === null) throw malformed('root/head', 'is missing');
  const textOf = (name: string): string => {
    const value = valueOf(findChild(head, name), valuesEncoded);
    return typeof value === 'string' ? value : '';
  };
  checkCode(textOf('code'), withoutSecrets(textOf('message'), { serial }), accepted);
  const rows = (findChild(root, 'body')?.children ?? []).filter((element) => element.name === 'vehispara');
  const announced = textOf('rownum');
  if (announced !== '' && !(rows.length >= Number(announced)))
    throw malformed('head/rownum', `announces other than the ${rows.length} rows of the answer`);
  return rows.map((row) => toRow(row, valuesEncoded));
}

function unwrap(text: string): { readonly document: string; readonly valuesEncoded: boolean } {
  const trimmed = text.trim().replace(/^%EF%BB%BF/i, '');
  if (/^(?:\$|%24)E/i.test(trimmed)) throw systemError();
  if (trimmed.startsWith('<')) return { document: trimmed, valuesEncoded: true };
  if (!/^%3C/i.test(trimmed)) throw malformed('the answer', 'is neither XML nor percent-encoded XML');
  try {
    return { document: decodePercent(trimmed), valuesEncoded: false };
  } catch (cause) {
    throw malformed('the answer', 'is percent-encoded in no known charset', cause);
  }
}

/** @remarks wire-formats A.5 */
function checkCode(code: string, message: string, accepted: readonly number[]): void {
  if (code.startsWith('$E')) throw systemError();
  if (!/^[+-]?\d{1,9}$/.test(code)) throw malformed('head/code', 'is not a number');
  const number = Number(code);
  if (accepted.includes(number)) return;
  if (number > 0) throw malformed('head/code', 'is no code of this interface');
  throw new HubError('SOURCE_REFUSED', `${SENDER} refused the call: ${message || 'no reason given'} (code ${number}).`);
}

function toRow(row: XmlElement, valuesEncoded: boolean): WireRow {
  const fields = new Map<string, string | UnreadableValue>();
  for (const element of row.children) {
    const value = fields.has(element.name) ? new UnreadableValue('appears twice') : valueOf(element, valuesEncoded);
    fields.set(element.name, value);
  }
  return Object.fromEntries(fields);
}

/** A value that cannot be read spoils its own field only. */
function valueOf(element: XmlElement | null, encoded: boolean): string | UnreadableValue {
  if (element === null) return '';
  if (element.children.length > 0) return new UnreadableValue('holds elements instead of a value');
  if (!encoded || !isEncoded(element.text)) return element.text;
  try {
    return decodePercent(element.text).trim();
  } catch (error) {
    return new UnreadableValue(error instanceof Error ? error.message : 'cannot be decoded');
  }
}

function systemError(): HubError {
  return new HubError('SOURCE_UNAVAILABLE', `${SENDER} reports an error of its own system ($E).`);
}

function malformed(where: string, problem: string, cause?: unknown): HubError {
  return new HubError('SOURCE_MALFORMED', `${SENDER} sent an answer that cannot be read: ${where} ${problem}.`, {
    details: { field: where },
    cause,
  });
}
