/** Ways to change a pack: as a stranger would, and as the hub itself could. */
import { z } from 'zod';
import { CHAIN_START } from '../../schema/notice/change.ts';
import { canonicalJson } from '../../schema/signing/canonical-json.ts';
import type { KeyRing } from '../../schema/signing/key-ring.ts';
import { sm3Hex } from '../../schema/signing/sm3.ts';

/** The pack as JSON, to be changed in place; loose on purpose. */
const Loose = z.record(z.string(), z.unknown());
export type Loose = z.infer<typeof Loose>;
const Pack = z.looseObject({ notice: Loose, events: z.array(Loose) });
export type Pack = z.infer<typeof Pack>;

export const parsePack = (text: string): Pack => Pack.parse(JSON.parse(text));

/** @param path e.g. "deliveries.0.acts"; the last part of it is an array of objects */
export function rowsAt(root: Loose, path: string): Loose[] {
  const found = path.split('.').reduce<unknown>((value, name) => Loose.parse({ ...Object(value) })[name], root);
  if (!Array.isArray(found)) throw new Error(`${path} is no list`);
  return found as Loose[];
}

const without = (value: Loose, ...names: readonly string[]): Loose =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

/** Renumbers the events and ties the chain anew, as whoever owns the log could. */
export function rechain(pack: Pack): void {
  let previous = CHAIN_START;
  for (const [index, event] of pack.events.entries()) {
    event['ordinal'] = index + 1;
    event['eventId'] = `${String(pack.notice['id'])}.${index + 1}`;
    previous = sm3Hex(`${previous}${canonicalJson(without(event, 'number', 'chain'))}`);
    event['chain'] = previous;
  }
  pack.notice['eventCount'] = pack.events.length;
  pack.notice['lastChain'] = previous;
}

/** Seals what is there now with the key that this ring has for the hub. */
export async function reseal(pack: Pack, keys: KeyRing): Promise<string> {
  const sealed = without(pack, 'seal');
  const seal = await keys.sign('hub', Buffer.from(canonicalJson(sealed)));
  return canonicalJson({ ...sealed, seal });
}
