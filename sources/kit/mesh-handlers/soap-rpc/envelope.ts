/** SOAP 1.1 rpc/encoded envelopes: ours for the call, theirs for the answer. */
import { HubError } from '../../../../schema/errors.ts';
import type { RpcOperation } from './contract.ts';
import { escapeXml, findChild, readXml, type XmlElement } from './read-xml.ts';

const OPENING =
  '<?xml version="1.0" encoding="UTF-8"?>' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>';
const CLOSING = '</soapenv:Body></soapenv:Envelope>';
const ENCODING_STYLE = 'http://schemas.xmlsoap.org/soap/encoding/';

const LONGEST_EXPLANATION = 200;
/** Shorter arguments (codes, an address of a terminal) are no secrets and would blank out harmless words. */
const SHORTEST_SECRET = 16;

/**
 * The text of a call.
 * @param values by part name; a part without a value is sent empty, because the services count positions
 */
export function callEnvelope(operation: RpcOperation, values: Readonly<Record<string, string>>): string {
  const parts = operation.parts.map(
    (part) => `<${part} xsi:type="xsd:string">${escapeXml(values[part] ?? '')}</${part}>`,
  );
  return [
    OPENING,
    `<rpc:${operation.name} soapenv:encodingStyle="${ENCODING_STYLE}" xmlns:rpc="${escapeXml(operation.namespace)}">`,
    ...parts,
    `</rpc:${operation.name}>`,
    CLOSING,
  ].join('');
}

/**
 * The text of the return part. Elements are found by local name: namespaces and prefixes differ from server to server.
 * @param values of the call, so that a fault which repeats them does not give a credential away
 * @throws HubError SOURCE_MALFORMED when it is not such an envelope; for a fault, SOURCE_REFUSED when it blames the
 *   caller and SOURCE_UNAVAILABLE otherwise
 */
export function readReply(
  text: string,
  operation: RpcOperation,
  values: Readonly<Record<string, string>>,
  sender: string,
): string {
  const envelope = readXml(text, sender);
  const body = findChild(envelope, 'body');
  if (envelope.name !== 'envelope' || body === null)
    throw new HubError('SOURCE_MALFORMED', `${sender} sent XML that is not a SOAP envelope.`);
  const fault = findChild(body, 'fault');
  if (fault !== null) throw faultError(fault, values, sender);
  const response = findChild(body, `${operation.name}Response`.toLowerCase());
  const answer = response && findChild(response, operation.returnPart.toLowerCase());
  if (answer === null)
    throw new HubError('SOURCE_MALFORMED', `${sender} sent a SOAP answer without ${operation.returnPart}.`);
  return answer.text;
}

/** SOAP 1.1 section 4.4.1: `Client` means that the same call will fail again. */
function faultError(fault: XmlElement, values: Readonly<Record<string, string>>, sender: string): HubError {
  const code = (findChild(fault, 'faultcode')?.text ?? '').replace(/^.*:/, '');
  const explanation = withoutSecrets(findChild(fault, 'faultstring')?.text ?? '', values);
  if (/^client/i.test(code))
    return new HubError('SOURCE_REFUSED', `${sender} refused the call with a SOAP fault: ${explanation}`);
  // What a server says about its own failure (a stack trace, a table name) is for the log only.
  return new HubError('SOURCE_UNAVAILABLE', `${sender} failed with a SOAP fault.`, {
    cause: new Error(`${code}: ${explanation}`),
  });
}

/** Shortens a department's own words and blanks out what the hub had sent. */
export function withoutSecrets(words: string, values: Readonly<Record<string, string>>): string {
  const blanked = Object.values(values)
    .filter((value) => value.length >= SHORTEST_SECRET)
    .reduce((rest, value) => rest.replaceAll(value, '***'), words);
  return blanked.replace(/\s+/g, ' ').slice(0, LONGEST_EXPLANATION);
}
