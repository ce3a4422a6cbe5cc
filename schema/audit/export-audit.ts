/** Writes the trail, or the part of a time, as a file that can be checked without the hub. */
import { createHash } from 'node:crypto';
import type { KeyRing } from '../signing/key-ring.ts';
import { HUB_OWNER } from '../signing/public-key.ts';
import { formatInstant } from '../time/instant.ts';
import { AUDIT_FILE, signedSeal, writeLine, type AuditFileHead } from './audit-file.ts';
import { withoutId, type AuditStore, type TimeRange } from './audit-store.ts';
import type { AuditExtent } from './audit-verifier.ts';

/** What the store holds of a time now. What is written meanwhile is left out; all its anchors are matched by records. */
export async function extentOf(store: AuditStore, range: TimeRange): Promise<AuditExtent> {
  // The anchors are looked up first: what they have seen is there.
  const anchors = await store.anchorSpan(range);
  const chains = [];
  for (const { chain, sequence } of await store.heads()) {
    const isWhole = range.from === null && range.to === null;
    const span = isWhole ? { first: 1, last: sequence } : await store.spanOf(chain, range);
    if (span !== null) chains.push({ chain, ...span });
  }
  return { ...range, anchors, chains };
}

export interface ExportParts {
  readonly store: AuditStore;
  readonly keys: KeyRing;
  readonly now?: () => Date;
}

/**
 * @param write takes a piece of the file, which is text in UTF-8
 * @returns how many records
 * @throws HubError SIGNING_UNAVAILABLE when the hub has no key to seal with
 */
export async function exportAudit(
  { store, keys, now = () => new Date() }: ExportParts,
  range: TimeRange,
  write: (text: string) => Promise<void>,
): Promise<number> {
  const digest = createHash('sm3');
  const put = async (text: string): Promise<void> => {
    digest.update(text);
    await write(text);
  };
  const extent = await extentOf(store, range);
  const publicKeys = await keys.publicKeys([HUB_OWNER]);
  const head: AuditFileHead = { form: AUDIT_FILE, exportedAt: now(), publicKeys, ...extent };
  await put(writeLine({ head }));
  for await (const { text } of store.anchors(extent.anchors)) {
    await put(writeLine({ anchor: JSON.parse(text) as unknown }));
  }
  let records = 0;
  for (const { chain, first, last } of extent.chains) {
    for await (const record of store.records(chain, first, last)) {
      await put(writeLine({ record: withoutId(record) }));
      records += 1;
    }
  }
  const unsigned = { sealedAt: now(), digest: digest.digest('hex') };
  const signature = await keys.sign(HUB_OWNER, Buffer.from(signedSeal(unsigned)));
  await write(writeLine({ seal: { ...unsigned, signature } }));
  return records;
}

/** An instant as the records write theirs. */
export const writtenRange = (from: Date | null, to: Date | null): TimeRange => ({
  from: from && formatInstant(from),
  to: to && formatInstant(to),
});
