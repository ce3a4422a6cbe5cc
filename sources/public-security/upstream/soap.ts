/** The SOAP side of the reference upstream: two Axis-like services that are strict about names and order of parts. */
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

export type ServiceName = 'TmriOutAccess' | 'TmriOutNewAccess';

export interface SoapCall {
  readonly operation: string;
  readonly values: Readonly<Record<string, string>>;
}

const NAMESPACE = 'http://endpoint.axis.framework.tmri.com';
const OLD_ORDER = ['xtlb', 'jkxlh', 'jkid', 'UTF8XmlDoc'];
const UNIT_ORDER = ['xtlb', 'jkxlh', 'jkid', 'yhbz', 'dwmc', 'dwjgdm', 'yhxm', 'zdbs', 'UTF8XmlDoc'];
const NEW_ORDER = ['xtlb', 'jkxlh', 'jkid', 'cjsqbh', 'dwjgdm', 'dwmc', 'yhbz', 'yhxm', 'zdbs', 'UTF8XmlDoc'];

/** wire-formats A.1; on purpose not read from service.wsdl, which the hub reads. */
const ORDERS: Readonly<Record<ServiceName, Readonly<Record<string, readonly string[]>>>> = {
  TmriOutAccess: { queryObjectOut: OLD_ORDER, writeObjectOut: OLD_ORDER },
  TmriOutNewAccess: {
    queryObjectOut: UNIT_ORDER,
    writeObjectOut: UNIT_ORDER,
    queryObjectOutNew: NEW_ORDER,
    writeObjectOutNew: NEW_ORDER,
  },
};

/** A call that the SOAP engine itself cannot take; the message is for the faultstring. */
export class SoapFault extends Error {
  override readonly name = 'SoapFault';
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
});
const Part = z.object({ '#text': z.string().default(''), '@xsi:type': z.literal('xsd:string') });

/** @throws SoapFault as Axis would answer a call that is not encoded as the WSDL says */
export function readCall(service: ServiceName, body: string): SoapCall {
  const envelope = z
    .object({ 'soapenv:Envelope': z.object({ 'soapenv:Body': z.record(z.string(), z.unknown()) }) })
    .safeParse(parser.parse(body));
  const [element, content] = Object.entries(envelope.data?.['soapenv:Envelope']['soapenv:Body'] ?? {})[0] ?? [];
  const [prefix, operation] = element?.split(':') ?? [];
  const call = z.record(z.string(), z.unknown()).safeParse(content);
  if (prefix === undefined || operation === undefined || !call.success) throw new SoapFault('no call in the body');
  if (call.data[`@xmlns:${prefix}`] !== NAMESPACE) throw new SoapFault('No such namespace');
  const order = ORDERS[service][operation];
  if (order === undefined) throw new SoapFault(`No such operation '${operation}'`);
  const parts = Object.entries(call.data).filter(([name]) => !name.startsWith('@') && name !== '#text');
  if (parts.map(([name]) => name).join() !== order.join()) throw new SoapFault('argument type mismatch');
  const values = parts.map(([name, value]) => {
    const part = Part.safeParse(value);
    if (!part.success) throw new SoapFault(`No deserializer for ${name}`);
    return [name, part.data['#text']] as const;
  });
  return { operation, values: Object.fromEntries(values) };
}

/** The reply as Axis (old service) or its successor (new service) writes it; the prefixes differ on purpose. */
export function replyEnvelope(service: ServiceName, operation: string, answer: string): string {
  const [soap, own] = service === 'TmriOutAccess' ? ['soapenv', 'ns1'] : ['S', 'ns2'];
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<${soap}:Envelope xmlns:${soap}="http://schemas.xmlsoap.org/soap/envelope/"`,
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    `<${soap}:Body><${own}:${operation}Response xmlns:${own}="http://public-security.invalid/services/${service}">`,
    `<${operation}Return xsi:type="xsd:string">${escaped(answer)}</${operation}Return>`,
    `</${own}:${operation}Response></${soap}:Body></${soap}:Envelope>`,
  ].join('');
}

export function faultEnvelope(fault: SoapFault): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><soapenv:Fault>',
    `<faultcode>soapenv:Server.userException</faultcode><faultstring>${escaped(fault.message)}</faultstring>`,
    '</soapenv:Fault></soapenv:Body></soapenv:Envelope>',
  ].join('');
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
