/** Reads a WSDL 1.1 contract in rpc style: which operations there are, with which parts in which order, and where. */
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

export interface RpcOperation {
  /** Name of its field: "<port type>_<operation>", because services of one contract share operation names. */
  readonly field: string;
  readonly name: string;
  /** soap:address of its port. */
  readonly address: string;
  /** Namespace of the call element. */
  readonly namespace: string;
  /** Parts of the input message, in order; all are xsd:string. */
  readonly parts: readonly string[];
  /** Part of the output message that holds the answer. */
  readonly returnPart: string;
}

/** Elements that may occur several times. */
const LISTS: ReadonlySet<string> = new Set(['message', 'part', 'portType', 'operation', 'binding', 'service', 'port']);

const name = z.string().min(1);
const reference = z.object({ '@message': name });
const Contract = z.object({
  definitions: z.object({
    message: z.array(z.object({ '@name': name, part: z.array(z.object({ '@name': name })).default([]) })),
    portType: z.array(
      z.object({
        '@name': name,
        operation: z.array(z.object({ '@name': name, input: reference, output: reference })),
      }),
    ),
    binding: z.array(
      z.object({
        '@name': name,
        '@type': name,
        // soap:binding; without its prefix it is called like the element around it.
        binding: z.tuple([z.object({ '@style': z.literal('rpc') })]),
        operation: z.array(z.object({ '@name': name, input: z.object({ body: z.object({ '@namespace': name }) }) })),
      }),
    ),
    service: z.array(
      z.object({
        port: z.array(z.object({ '@binding': name, address: z.object({ '@location': name }) })),
      }),
    ),
  }),
});

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: false,
  isArray: (tag, _path, _leaf, isAttribute) => !isAttribute && LISTS.has(tag),
});

/**
 * @param wsdl text of the contract file
 * @returns every operation of every port, in the order of the file
 * @throws Error when it is not such a contract or holds a document type declaration
 */
export function readContract(wsdl: string): RpcOperation[] {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(wsdl)) throw new Error('the WSDL holds a document type declaration');
  const { definitions } = Contract.parse(parser.parse(wsdl));
  const partsOf = (message: string): string[] => named(definitions.message, message).part.map((part) => part['@name']);
  return definitions.service
    .flatMap((service) => service.port)
    .flatMap((port) => {
      const binding = named(definitions.binding, port['@binding']);
      const portType = named(definitions.portType, binding['@type']);
      return binding.operation.map((bound): RpcOperation => {
        const operation = named(portType.operation, bound['@name']);
        const [returnPart] = partsOf(operation.output['@message']);
        if (returnPart === undefined) throw new Error(`the WSDL gives no result part for ${bound['@name']}`);
        return {
          field: `${portType['@name']}_${operation['@name']}`,
          name: operation['@name'],
          address: port.address['@location'],
          namespace: bound.input.body['@namespace'],
          parts: partsOf(operation.input['@message']),
          returnPart,
        };
      });
    });
}

/** Finds what a qualified name refers to; the contract is one file, so the prefix adds nothing. */
function named<T extends { readonly '@name': string }>(items: readonly T[], qualifiedName: string): T {
  const local = qualifiedName.slice(qualifiedName.indexOf(':') + 1);
  const found = items.find((item) => item['@name'] === local);
  if (found === undefined) throw new Error(`the WSDL refers to ${local} but does not define it`);
  return found;
}
