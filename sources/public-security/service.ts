/** One question to the gateway: who asks, under which interface number, with which conditions. */
import { z } from 'zod';
import type { AdapterCall } from '../kit/adapter.ts';
import type { PublicSecurityConfig } from './config.ts';
import { queryDocument, readAnswer, type Condition, type WireRow } from './envelope.ts';
import { OPERATIONS, type InterfaceNumber } from './operations.ts';
import { encodeValue } from './percent.ts';

/** System class (xtlb) of inspection supervision. */
const INSPECTION_SUPERVISION = '18';

const Data = z.object({ answer: z.string() });

export interface PoliceService {
  /**
   * Makes one upstream call for all conditions.
   * @returns the rows of all conditions together, in the order of the answer
   * @throws HubError SOURCE_*, see `readAnswer`
   */
  ask(call: AdapterCall, jkid: InterfaceNumber, conditions: readonly Condition[]): Promise<readonly WireRow[]>;
}

export function createPoliceService(config: PublicSecurityConfig): PoliceService {
  const { document, withCaller } = OPERATIONS[config.PUBLIC_SECURITY_VARIANT];
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
  return {
    async ask(call, jkid, conditions) {
      const data = await call.execute(document, {
        xtlb: INSPECTION_SUPERVISION,
        jkxlh: serial,
        jkid,
        UTF8XmlDoc: queryDocument(conditions),
        ...(withCaller && { cjsqbh: sceneOf(jkid), ...caller }),
      });
      return readAnswer(Data.parse(data).answer, serial);
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
