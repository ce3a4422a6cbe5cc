/** Where records and anchors lie. Nothing is ever changed there or taken out. */
import type { Collection, Connection } from 'mongoose';
import { isDuplicateKey } from '../duplicate-key.ts';
import { AnchorForm, type Anchor, type ChainHead } from './audit-anchor.ts';
import { recordIdOf, type AuditOutcome, type AuditRecord } from './audit-record.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import { formatInstant } from '../time/instant.ts';

export type StoredAuditRecord = AuditRecord & { readonly _id: string };

/** As it was made, without the name under which it lies. */
export const withoutId = ({ _id, ...record }: StoredAuditRecord): AuditRecord => record;

/** As text: exactly what was signed. */
interface StoredAnchor {
  readonly _id: number;
  readonly at: string;
  readonly text: string;
}
/** A list of chains that may still grow, for whoever anchors them; not part of what is proved. */
interface StoredChain {
  readonly _id: string;
  readonly seenAt: Date;
  /** Number of its newest anchored record. */
  readonly anchored: number;
}

/** With a majority of a replica set, so that no failover takes back what was acknowledged. */
const DURABLE = { writeConcern: { w: 'majority' } } as const;
/** After every digit of a sequence. */
const END = ';';
const ofChain = (chain: string) => ({ _id: { $gt: chain, $lt: `${chain}${END}` } });

export interface TimeRange {
  /** As the records write it; null = from the first, or to the last. */
  readonly from: string | null;
  /** Not included. */
  readonly to: string | null;
}

export interface NewestQuestion {
  /** Each null = any. */
  readonly subjects: readonly string[] | null;
  readonly caller: string | null;
  readonly departmentId: string | null;
  readonly results: readonly AuditOutcome['result'][] | null;
  readonly range: TimeRange;
  /** Of the last record of the page before. */
  readonly after: { readonly at: string; readonly id: string } | null;
  readonly limit: number;
}

/** Conditions on the time of a record. */
function within({ from, to }: TimeRange): { at?: { $gte?: string; $lt?: string } } {
  if (from === null && to === null) return {};
  return { at: { ...(from !== null && { $gte: from }), ...(to !== null && { $lt: to }) } };
}

export class AuditStore {
  readonly #records: Collection<StoredAuditRecord>;
  readonly #anchors: Collection<StoredAnchor>;
  readonly #chains: Collection<StoredChain>;

  /** Plain collections: records are made once, by canonical rules, and never changed. */
  constructor(connection: Connection) {
    this.#records = connection.collection<StoredAuditRecord>('audit_records');
    this.#anchors = connection.collection<StoredAnchor>('audit_anchors');
    this.#chains = connection.collection<StoredChain>('audit_chains');
  }

  async open(): Promise<void> {
    await this.#records.createIndexes([
      { key: { at: 1, _id: 1 } },
      { key: { 'caller.subject': 1, at: 1 } },
      { key: { 'operation.subjects': 1, at: 1 } },
      { key: { 'outcome.subjects': 1, at: 1 } },
    ]);
  }

  /** Writes records of one chain in their order; those that are there already stay. A second call after a failure is safe. */
  async append(records: readonly AuditRecord[], isRepeated: boolean): Promise<void> {
    const stored = records.map((record): StoredAuditRecord => ({ _id: recordIdOf(record), ...record }));
    const missing = isRepeated ? await this.#missing(stored) : stored;
    if (missing.length > 0) await this.#records.insertMany(missing, { ordered: true, ...DURABLE });
  }

  /** The chain may grow: whoever anchors looks at it. */
  async noteChain(chain: string, now: Date): Promise<void> {
    await this.#chains.updateOne(
      { _id: chain },
      { $max: { seenAt: now }, $setOnInsert: { anchored: 0 } },
      { upsert: true },
    );
  }

  /** The newest record of each chain seen since then that has grown since it was anchored. */
  async grownChains(since: Date): Promise<readonly ChainHead[]> {
    const chains = await this.#chains.find({ seenAt: { $gte: since } }).toArray();
    const heads: ChainHead[] = [];
    for (const { _id, anchored } of chains) {
      const head = await this.headOf(_id);
      if (head !== null && head.sequence > anchored) heads.push(head);
    }
    return heads.sort((a, b) => (a.chain < b.chain ? -1 : 1));
  }

  async noteAnchored(heads: readonly ChainHead[]): Promise<void> {
    for (const { chain, sequence } of heads) {
      await this.#chains.updateOne({ _id: chain }, { $max: { anchored: sequence } });
    }
  }

  async headOf(chain: string): Promise<ChainHead | null> {
    const newest = await this.#records.findOne(ofChain(chain), { sort: { _id: -1 } });
    return newest === null ? null : { chain, sequence: newest.sequence, hash: newest.hash };
  }

  /** The newest record of every chain, in order of chain. */
  async heads(): Promise<readonly ChainHead[]> {
    const heads: ChainHead[] = [];
    let after = '';
    for (;;) {
      const next = await this.#records.findOne({ _id: { $gt: after } }, { sort: { _id: 1 }, projection: { _id: 1 } });
      // By the id alone, which is what orders: what stands in the record itself may have been tampered with.
      const chain = next?._id.split(':')[0];
      if (chain === undefined) return heads;
      const head = await this.headOf(chain);
      if (head !== null) heads.push(head);
      after = `${chain}${END}`;
    }
  }

  /** Number of the first record of a chain in the time, and of the last; null where there is none. */
  async spanOf(chain: string, range: TimeRange): Promise<{ readonly first: number; readonly last: number } | null> {
    const edge = async (direction: 1 | -1): Promise<number | null> => {
      const found = await this.#records.findOne({ ...ofChain(chain), ...within(range) }, { sort: { _id: direction } });
      return found?.sequence ?? null;
    };
    const [first, last] = [await edge(1), await edge(-1)];
    return first === null || last === null ? null : { first, last };
  }

  /** Records of a chain as they lie there, unchecked, in order of their ids. */
  records(chain: string, first: number, last: number): AsyncIterable<StoredAuditRecord> {
    const range = { $gte: recordIdOf({ chain, sequence: first }), $lte: recordIdOf({ chain, sequence: last }) };
    return this.#records.find({ _id: range }).sort({ _id: 1 });
  }

  /** Records that meet all of the question, newest first. */
  async newest({ subjects, caller, departmentId, results, range, after, limit }: NewestQuestion) {
    const named = subjects === null ? null : { $in: [...subjects] };
    const filter = {
      ...within(range),
      ...(caller !== null && { 'caller.subject': caller }),
      ...(departmentId !== null && { 'caller.departmentId': departmentId }),
      ...(results !== null && { 'outcome.result': { $in: [...results] } }),
      $and: [
        ...(named === null ? [] : [{ $or: [{ 'operation.subjects': named }, { 'outcome.subjects': named }] }]),
        ...(after === null ? [] : [{ $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: after.id } }] }]),
        {},
      ],
    };
    return await this.#records.find(filter).sort({ at: -1, _id: -1 }).limit(limit).toArray();
  }

  /** Records that name one of these subjects, oldest first. */
  naming(subjects: readonly string[], range: TimeRange): AsyncIterable<AuditRecord> {
    const named = { $in: [...subjects] };
    return this.#records
      .find({ $or: [{ 'operation.subjects': named }, { 'outcome.subjects': named }], ...within(range) })
      .sort({ at: 1, _id: 1 });
  }

  async newestAnchor(): Promise<Anchor | null> {
    const newest = await this.#anchors.findOne({}, { sort: { _id: -1 } });
    return newest === null ? null : AnchorForm.parse(JSON.parse(newest.text));
  }

  /** @returns false when another process has made an anchor of this number meanwhile */
  async addAnchor(anchor: Anchor): Promise<boolean> {
    const stored: StoredAnchor = { _id: anchor.number, at: formatInstant(anchor.at), text: canonicalJson(anchor) };
    try {
      await this.#anchors.insertOne(stored, DURABLE);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Numbers of the first and the newest anchor that have seen something of the time; none: last is less than first. */
  async anchorSpan({ from, to }: TimeRange): Promise<{ readonly first: number; readonly last: number }> {
    const edge = async (filter: object, direction: 1 | -1): Promise<number | null> =>
      (await this.#anchors.findOne(filter, { sort: { _id: direction } }))?._id ?? null;
    const newest = (await edge({}, -1)) ?? 0;
    // The first one after the time has seen its end.
    const after = to === null ? null : await edge({ at: { $gte: to } }, 1);
    const first = from === null ? 1 : await edge({ at: { $gte: from } }, 1);
    return { first: first ?? newest + 1, last: after ?? newest };
  }

  /** Texts of anchors, unchecked, in order. */
  anchors({ first, last }: { readonly first: number; readonly last: number }): AsyncIterable<StoredAnchor> {
    return this.#anchors.find({ _id: { $gte: first, $lte: last } }).sort({ _id: 1 });
  }

  async #missing(stored: readonly StoredAuditRecord[]): Promise<readonly StoredAuditRecord[]> {
    const ids = stored.map(({ _id }) => _id);
    const there = await this.#records.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    const known = new Set(there.map(({ _id }) => _id));
    return stored.filter(({ _id }) => !known.has(_id));
  }
}
