/** Whatever is changed, taken out, exchanged or cut off in a trail is found and named, with the hub switched off. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Anchor } from '../../schema/audit/audit-anchor.ts';
import { hashOf, type AuditRecord } from '../../schema/audit/audit-record.ts';
import { keptAnchorsOf } from '../../schema/audit/audit-verifier.ts';
import { exportAudit, writtenRange } from '../../schema/audit/export-audit.ts';
import { verifyAuditFile, verifyAuditStore } from '../../schema/audit/verify-audit.ts';
import { canonicalJson } from '../../schema/signing/canonical-json.ts';
import { Dice } from '../../sources/world/random.ts';
import { entry, openAuditWorld, outcome, type AuditWorld } from './support.ts';

let world: AuditWorld;
let chains: readonly string[];
let anchors: readonly Anchor[];
let file: Buffer;
let lines: readonly string[];

beforeAll(async () => {
  world = await openAuditWorld();
  const made: (Anchor | null)[] = [];
  const trails = [];
  for (const process of [1, 2]) {
    const trail = world.newTrail();
    for (let number = 1; number <= 3; number += 1) {
      const operationId = `${process}-${number}`;
      await trail.open(entry({ operationId }));
      trail.note(entry({ operationId, kind: 'CLOSED', outcome: outcome({ records: number }) }));
      if (number === 2) made.push(await world.anchorsOf(trail).anchor());
    }
    await trail.close();
    made.push(await world.anchorsOf(trail).anchor());
    trails.push(trail);
  }
  chains = trails.map(({ chain }) => chain).sort();
  anchors = made.filter((anchor) => anchor !== null);
  file = await world.file();
  lines = file.toString().split('\n').slice(0, -1);
}, 120_000);
afterAll(() => world.close());

const verify = async (bytes: Uint8Array) =>
  await verifyAuditFile([bytes], { keys: await world.keys.publicKeys(['hub']) });
const messageOf = async (checking: Promise<unknown>): Promise<string | null> =>
  await checking.then(
    () => null,
    (error: unknown) =>
      error instanceof Error && error.name === 'AuditFault' ? error.message : `crash: ${String(error)}`,
  );
const fileOf = (some: readonly string[]): Buffer => Buffer.from(some.map((line) => `${line}\n`).join(''));
/** Place in the file of the first record of the chain with this number in `chains`. */
const lineOf = (chain: number, sequence: number): number =>
  lines.findIndex(
    (line) => line.includes(`"chain":"${chains[chain] ?? ''}"`) && line.includes(`"sequence":${sequence}}}`),
  );

/** One byte changed, or one line removed, doubled or exchanged with another. @returns what was done */
function tamper(dice: Dice): { readonly bytes: Buffer; readonly act: string } {
  const act = dice.pick(['change', 'change', 'remove', 'double', 'exchange'] as const);
  if (act === 'change') {
    const bytes = Buffer.from(file);
    const place = dice.int(0, file.length - 1);
    bytes[place] = (file[place] ?? 0) ^ dice.int(1, 255);
    return { bytes, act: `byte ${place} changed` };
  }
  const first = dice.int(0, lines.length - 2);
  const second = dice.int(first + 1, lines.length - 1);
  const [one = '', other = ''] = [lines[first], lines[second]];
  const left = {
    remove: lines.toSpliced(first, 1),
    double: lines.toSpliced(second, 0, one),
    exchange: lines.with(first, other).with(second, one),
  }[act];
  return { bytes: fileOf(left), act: `${act} lines ${first + 1} and ${second + 1}` };
}

const TRIALS = process.env['HUB_TEST_SCALE'] === undefined ? 1_000 : 20_000;

describe('A trail in a file', () => {
  it('verifies as it was exported, in whatever pieces it is read', async () => {
    const whole = { records: 12, chains: 2, anchors: 4, unanchored: 0, unclosed: 0, warnings: [] };
    expect(await verify(file)).toEqual(whole);
    const pieces = Array.from({ length: Math.ceil(file.length / 7) }, (_, index) =>
      file.subarray(index * 7, index * 7 + 7),
    );
    expect(await verifyAuditFile(pieces, { keys: null })).toEqual(whole);
  });

  it(`shows what was changed, removed, doubled or exchanged in ${TRIALS} of ${TRIALS} trials`, async () => {
    const keys = await world.keys.publicKeys(['hub']);
    const dice = new Dice(7, 0, 'tampering');
    const unnoticed: string[] = [];
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const { bytes, act } = tamper(dice);
      const message = await messageOf(verifyAuditFile([bytes], { keys }));
      if (message?.startsWith('line ') !== true) unnoticed.push(`${act}: ${message ?? 'nothing found'}`);
    }
    expect(unnoticed).toEqual([]);
  }, 600_000);

  it('names the first record that is wrong', async () => {
    const place = lineOf(1, 5);
    const record = `record 5 of chain ${chains[1] ?? ''}`;
    const changed = lines.with(place, (lines[place] ?? '').replace('"purpose":"JOINT', '"purpose":"POINT'));
    expect(changed).not.toEqual(lines);
    expect(await messageOf(verify(fileOf(changed)))).toBe(
      `line ${place + 1}: ${record} was changed: its hash is not its own`,
    );
    expect(await messageOf(verify(fileOf(lines.toSpliced(place, 1))))).toBe(
      `line ${place + 1}: ${record} is missing: record 6 of ${chains[1] ?? ''} stands in its place`,
    );
    const exchanged = lines.with(place, lines[place + 1] ?? '').with(place + 1, lines[place] ?? '');
    expect(await messageOf(verify(fileOf(exchanged)))).toContain(`line ${place + 1}: ${record} is missing`);
    expect(await messageOf(verify(fileOf(lines.with(place, '{"record":{}}'))))).toContain(
      `${record} has no valid form`,
    );
  });

  it('shows that its end was cut off, wherever', async () => {
    for (let left = 0; left < lines.length; left += 3) {
      expect(await messageOf(verify(fileOf(lines.slice(0, left))))).toContain('the seal is missing');
    }
    expect(await messageOf(verify(file.subarray(0, file.length - 1)))).toContain('the file ends within a line');
  });

  it('is refused when another key than the hub’s has sealed it', async () => {
    const other = await openAuditWorld();
    const keys = await other.keys.publicKeys(['hub']);
    await other.close();
    expect(await messageOf(verifyAuditFile([file], { keys }))).toContain('which is not among the keys');
  });

  it('holds the part of a time, which verifies by itself', async () => {
    const records = await world.records();
    const [from, to] = [records[3], records[9]].map((record) => new Date(record?.at ?? ''));
    const parts: string[] = [];
    const range = writtenRange(from ?? null, to ?? null);
    const count = await exportAudit(world, range, (text) => Promise.resolve(void parts.push(text)));
    const expected = records.filter(({ at }) => at >= (range.from ?? '') && at < (range.to ?? ''));
    expect(count).toBe(expected.length);
    expect(await verify(Buffer.from(parts.join('')))).toMatchObject({ records: expected.length });
  });
});

describe('A trail in the store', () => {
  const collection = (name: string) =>
    world.server.connection.collection<Record<string, unknown> & { _id: string }>(name);
  const check = async (keptAnchors?: ReadonlyMap<number, string>) =>
    await messageOf(verifyAuditStore(world.store, await world.keys.publicKeys(['hub']), keptAnchors));

  /** Changes something, looks what is found, and puts everything back. */
  async function after(change: (records: readonly AuditRecord[]) => Promise<unknown>): Promise<string | null> {
    const names = ['audit_records', 'audit_anchors'];
    const kept = await Promise.all(names.map((name) => collection(name).find().toArray()));
    await change(await world.records());
    const message = await check();
    for (const [index, name] of names.entries()) {
      await collection(name).deleteMany({});
      await collection(name).insertMany(kept[index] ?? []);
    }
    expect(await check()).toBeNull();
    return message;
  }

  const filterOf = (chain: number, sequence: number) => ({ chain: chains[chain] ?? '', sequence });

  it('shows a record that was changed, and one whose hash was made anew', async () => {
    const records = collection('audit_records');
    expect(await after(() => records.updateOne(filterOf(0, 4), { $set: { purpose: 'RECOGNITION' } }))).toBe(
      `record 4 of chain ${chains[0] ?? ''} was changed: its hash is not its own`,
    );
    const forged = async (all: readonly AuditRecord[]) => {
      const found = all.find(({ chain, sequence }) => chain === chains[0] && sequence === 4);
      if (found === undefined) throw new Error('no such record');
      const { hash, _id, ...record } = { _id: '', ...found };
      const hashed = { ...record, purpose: 'RECOGNITION' };
      expect(hashOf(record)).toBe(hash);
      await records.updateOne({ _id }, { $set: { purpose: 'RECOGNITION', hash: hashOf(hashed) } });
    };
    expect(await after(forged)).toBe(`record 5 of chain ${chains[0] ?? ''} does not follow the one before it`);
  });

  it('shows records that were taken out: one, the end of a chain, a whole chain', async () => {
    const records = collection('audit_records');
    expect(await after(() => records.deleteOne(filterOf(0, 5)))).toContain(`record 5 of chain ${chains[0] ?? ''}`);
    expect(await after(() => records.deleteOne(filterOf(1, 6)))).toContain(
      `record 6 of chain ${chains[1] ?? ''} is missing: anchor `,
    );
    expect(await after(() => records.deleteMany({ chain: chains[1] ?? '' }))).toContain(
      `chain ${chains[1] ?? ''} is missing`,
    );
  });

  it('shows anchors that were changed or taken out, and by anchors kept elsewhere even a cut end', async () => {
    const stored = collection('audit_anchors');
    const second = { _id: 2 } as unknown as { _id: string };
    const last = { _id: 4 } as unknown as { _id: string };
    expect(await after(() => stored.deleteOne(second))).toContain('anchor 2 is missing');
    const [, anchor] = anchors;
    const text = canonicalJson({ ...anchor, at: new Date(0) });
    expect(await after(() => stored.updateOne(second, { $set: { text } }))).toContain('the signature of anchor 2');
    const kept = keptAnchorsOf(anchors.map((each) => `${canonicalJson(each)}\n`).join(''));
    expect(await check(kept)).toBeNull();
    const cut = async () => {
      const heads = new Map(
        anchors.slice(0, 3).flatMap(({ heads }) => heads.map((head) => [head.chain, head.sequence])),
      );
      for (const [chain, sequence] of heads) {
        await collection('audit_records').deleteMany({ chain, sequence: { $gt: sequence } });
      }
      await stored.deleteOne(last);
      expect(await check(kept)).toBe('anchor 4 is missing, and anchor 4 was kept elsewhere');
    };
    // Without them nobody could tell: all that is left is whole.
    expect(await after(cut)).toBeNull();
  });
});
