/** The calls on the Mesh schema, one document per variant of the service (wire-formats A.1). */
import { parse, type DocumentNode } from 'graphql';

export type Variant = 'plain' | 'new';

/** Provincial queries for changes: stations, lines and equipment, verdicts. */
export type ChangeInterface = '18Q91' | '18Q92' | '18Q93';
/** Interface numbers (jkid). 18Q90 is the provincial query for verdicts (domain reference 6.4). */
export type InterfaceNumber = '18C01' | '18C02' | '18C50' | '18Q90' | ChangeInterface;

export interface Operation {
  readonly document: DocumentNode;
  /** Whether the caller introduces itself (cjsqbh, dwjgdm, dwmc, yhbz, yhxm, zdbs). */
  readonly withCaller: boolean;
}

/** The order of the parts on the wire comes from service.wsdl, not from here. */
export const OPERATIONS: Readonly<Record<Variant, Operation>> = {
  plain: {
    withCaller: false,
    document: parse(`
      query plain($xtlb: String, $jkxlh: String, $jkid: String, $UTF8XmlDoc: String) {
        answer: TmriOutAccess_queryObjectOut(xtlb: $xtlb, jkxlh: $jkxlh, jkid: $jkid, UTF8XmlDoc: $UTF8XmlDoc)
      }`),
  },
  new: {
    withCaller: true,
    document: parse(`
      query new(
        $xtlb: String, $jkxlh: String, $jkid: String, $cjsqbh: String, $dwjgdm: String, $dwmc: String,
        $yhbz: String, $yhxm: String, $zdbs: String, $UTF8XmlDoc: String
      ) {
        answer: TmriOutNewAccess_queryObjectOutNew(
          xtlb: $xtlb, jkxlh: $jkxlh, jkid: $jkid, cjsqbh: $cjsqbh, dwjgdm: $dwjgdm, dwmc: $dwmc,
          yhbz: $yhbz, yhxm: $yhxm, zdbs: $zdbs, UTF8XmlDoc: $UTF8XmlDoc
        )
      }`),
  },
};
