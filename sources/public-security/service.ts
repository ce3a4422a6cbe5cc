/** One call to the gateway: who asks or writes, under which interface number, with which conditions or rows. */
import { z } from 'zod';
import type { AdapterCall } from '../kit/adapter.ts';
import type { PublicSecurityConfig } from './config.ts';
import {
  QUERY_CODES,
  queryDocument,
  readAnswer,
  writeDocument,
  type Condition,
  type WireRow,
  type WrittenRow,
} from './envelope.ts';
import { OPERATIONS, type InterfaceNumber, type WriteInterface } from './operations.ts';
import { encodeValue } from './percent.ts';

/** System class (xtlb) of inspection supervision. */
const INSPECTION_SUPERVISION = '18';
/** Done; done before (provincial). */
const WRITE_CODES = [...QUERY_CODES, 2];

const Data = z.object({ answer: z.string() });

export interface PoliceService {
  /**
   * Makes one upstream call for all conditions.
   * @returns the rows of all conditions together, in the order of the answer
   * @throws HubError SOURCE_*, see `readAnswer`
   */
  ask(call: AdapterCall, jkid: InterfaceNumber, conditions: readonly Condition[]): Promise<readonly WireRow[]>;
  /**
   * Makes one upstream call that writes all rows.
   * @returns what the gateway says of them
   * @throws HubError SOURCE_*, see `readAnswer`
   */
  write(call: AdapterCall, jkid: WriteInterface, rows: readonly WrittenRow[]): Promise<readonly WireRow[]>;
}

export function createPoliceService(config: PublicSecurityConfig): PoliceService {
  const { query, write, withCaller } = OPERATIONS[config.PUBLIC_SECURITY_VARIANT];
  const serial = config.PUBLIC_SECURITY_SERIAL;
  const sceneOf = readScenes(config.PUBLIC_SECURITY_SCENE);
  // yhbz and yhxm would name a person; the hub asks in its own name and leaves them empty.
  const caller = {
    dwjgdm: config.PUBLIC_SECURITY_UNIT_CODE,
    dwmc: encodeValue(config.PUBLIC_SECURITY_UNIT_NAME),
    yhbz: '',
    yhxm: '',
    zdbs: config.PUBLIC_SECURITY_TERMINAL,
  };
  const partsOf = (jkid: string, UTF8XmlDoc: string): Readonly<Record<string, string>> => ({
    xtlb: INSPECTION_SUPERVISION,
    jkxlh: serial,
    jkid,
    UTF8XmlDoc,
    ...(withCaller && { cjsqbh: sceneOf(jkid), ...caller }),
  });
  return {
    async ask(call, jkid, conditions) {
      const data = await call.execute(query, partsOf(jkid, queryDocument(conditions)));
      return readAnswer(Data.parse(data).answer, serial);
    },
    async write(call, jkid, rows) {
      const data = await call.execute(write, partsOf(jkid, writeDocument(rows)));
      return readAnswer(Data.parse(data).answer, serial, WRITE_CODES);
    },
  };
}

/** `A17` for every interface, or `18C01=A17,18Q90=A18`: the centre gives one number per interface (wire-formats A.1). */
export function readScenes(setting: string): (jkid: string) => string {
  if (!setting.includes('=')) return () => setting.trim();
  const scenes = new Map(setting.split(',').map((entry) => splitOnce(entry, '=')));
  return (jkid) => scenes.get(jkid) ?? '';
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text.trim(), ''] : [text.slice(0, index).trim(), text.slice(index + 1).trim()];
}
