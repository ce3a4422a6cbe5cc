/** The calls on the Mesh schema, one document per variant of the service (wire-formats A.1). */
import { parse, type DocumentNode } from 'graphql';

export type Variant = 'plain' | 'new';

/** Provincial queries for changes: stations, lines and equipment, verdicts. */
export type ChangeInterface = '18Q91' | '18Q92' | '18Q93';
/**
 * Interface numbers (jkid) of queries. 18Q90 is the provincial query for verdicts (domain reference 6.4), 18Q94 that for
 * answers to notices.
 */
export type InterfaceNumber = '18C01' | '18C02' | '18C50' | '18Q90' | ChangeInterface | '18Q94';
/** Of writes, both provincial: a notice, and what became of answers to notices. */
export type WriteInterface = '18W90' | '18W91';

export interface Operation {
  readonly query: DocumentNode;
  readonly write: DocumentNode;
  /** Whether the caller introduces itself (cjsqbh, dwjgdm, dwmc, yhbz, yhxm, zdbs). */
  readonly withCaller: boolean;
}

const plain = (kind: 'query' | 'mutation', operation: string): DocumentNode =>
  parse(`
      ${kind} plain($xtlb: String, $jkxlh: String, $jkid: String, $UTF8XmlDoc: String) {
        answer: TmriOutAccess_${operation}(xtlb: $xtlb, jkxlh: $jkxlh, jkid: $jkid, UTF8XmlDoc: $UTF8XmlDoc)
      }`);

const withUnit = (kind: 'query' | 'mutation', operation: string): DocumentNode =>
  parse(`
      ${kind} new(
        $xtlb: String, $jkxlh: String, $jkid: String, $cjsqbh: String, $dwjgdm: String, $dwmc: String,
        $yhbz: String, $yhxm: String, $zdbs: String, $UTF8XmlDoc: String
      ) {
        answer: TmriOutNewAccess_${operation}(
          xtlb: $xtlb, jkxlh: $jkxlh, jkid: $jkid, cjsqbh: $cjsqbh, dwjgdm: $dwjgdm, dwmc: $dwmc,
          yhbz: $yhbz, yhxm: $yhxm, zdbs: $zdbs, UTF8XmlDoc: $UTF8XmlDoc
        )
      }`);

/** The order of the parts on the wire comes from service.wsdl, not from here. */
export const OPERATIONS: Readonly<Record<Variant, Operation>> = {
  plain: {
    withCaller: false,
    query: plain('query', 'queryObjectOut'),
    write: plain('mutation', 'writeObjectOut'),
  },
  new: {
    withCaller: true,
    query: withUnit('query', 'queryObjectOutNew'),
    write: withUnit('mutation', 'writeObjectOutNew'),
  },
};
