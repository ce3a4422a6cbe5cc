/** What the replica needs to know of a record besides its facts: where to find it, and whether it has changed. Pure. */
import { createHash } from 'node:crypto';
import { matchKeysOf } from '../identity/match-keys.ts';
import type { ReplicatedRead, SourceReads } from '../ports.ts';

export type ReplicatedRecord = SourceReads[ReplicatedRead]['record'];

/** One kind of record of one department, e.g. "transport|inspections". */
export type Feed = `${string}|${ReplicatedRead}`;

/**
 * The reads whose changes are told to whoever computes something per institution (see `Projector`). Inspections and
 * reports change too often for it.
 */
export const PROJECTED_READS = [
  'institutions',
  'qualifications',
  'penalties',
  'listEntries',
] as const satisfies readonly ReplicatedRead[];
export type ProjectedRead = (typeof PROJECTED_READS)[number];

export const isProjected = (read: ReplicatedRead): read is ProjectedRead =>
  PROJECTED_READS.some((projected) => projected === read);

export const feedOf = (departmentId: string, read: ReplicatedRead): Feed => `${departmentId}|${read}`;

export interface RecordKeys {
  /** Newest first is descending order of this text: an instant in UTC, or a calendar date. */
  readonly sortKey: string;
  readonly number: string | null;
  readonly vin: string | null;
  readonly result: string | null;
  /** Of an institution; absent on all other records. */
  readonly matchKeys?: readonly string[];
}

const NO_KEYS: RecordKeys = { sortKey: '', number: null, vin: null, result: null };

const KEYS: { readonly [K in ReplicatedRead]: (record: SourceReads[K]['record']) => RecordKeys } = {
  institutions: (record) => ({ ...NO_KEYS, matchKeys: matchKeysOf(record) }),
  qualifications: ({ number, validFrom }) => ({ ...NO_KEYS, sortKey: validFrom ?? '', number }),
  facilities: () => NO_KEYS,
  inspections: ({ startedAt, report, vehicle, result }) => ({
    sortKey: startedAt.toISOString(),
    number: report?.number ?? null,
    vin: vehicle?.vin ?? null,
    result,
  }),
  reports: ({ issuedOn, number }) => ({ ...NO_KEYS, sortKey: issuedOn, number }),
  penalties: ({ decidedOn, documentNumber }) => ({ ...NO_KEYS, sortKey: decidedOn, number: documentNumber }),
  listEntries: ({ listedOn }) => ({ ...NO_KEYS, sortKey: listedOn }),
  certificates: ({ number, validFrom }) => ({ ...NO_KEYS, sortKey: validFrom ?? '', number }),
};

export const readOf = (feed: Feed): ReplicatedRead => feed.slice(feed.indexOf('|') + 1) as ReplicatedRead;
export const departmentOf = (feed: Feed): string => feed.slice(0, feed.indexOf('|'));

/** @param record of the read's own kind */
export function keysOf(read: ReplicatedRead, record: ReplicatedRecord): RecordKeys {
  return (KEYS[read] as (record: ReplicatedRecord) => RecordKeys)(record);
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function inKeyOrder(_key: string, value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** SHA-256 over the facts, 43 characters; when and how they were received does not count. */
export function contentHash(record: ReplicatedRecord): string {
  const facts = { ...record, provenance: undefined };
  return createHash('sha256').update(JSON.stringify(facts, inKeyOrder)).digest('base64url');
}
