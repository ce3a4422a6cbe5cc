/** How the replica lies in MongoDB: one document per record, written whole, so that no write needs a transaction. */
import { Schema, type Connection } from 'mongoose';
import type { HubErrorCode } from '../errors.ts';
import type { SubjectKey } from '../ports.ts';
import type { CalendarDate } from '../time/calendar-date.ts';
import type { Feed, ReplicatedRecord } from './facts.ts';

/** What the hub believed of a record from `recordedAt` until the next version. */
export interface RecordVersion {
  readonly recordedAt: Date;
  /** null: the department held it no longer. */
  readonly record: ReplicatedRecord | null;
}

export interface ReplicaDocument {
  /** "<department>|<read>|<record id>". */
  readonly _id: string;
  readonly feed: Feed;
  readonly recordId: string;
  readonly subjects: readonly SubjectKey[];
  readonly sortKey: string;
  readonly number: string | null;
  readonly vin: string | null;
  readonly result: string | null;
  /** Of an institution: by what it is found; see `matchKeysOf`. */
  readonly matchKeys?: readonly string[];
  readonly hash: string;
  readonly updatedAt: Date | null;
  readonly observedAt: Date;
  /** When the hub learned the present facts. */
  readonly recordedAt: Date;
  /** Since when the department has had the present facts, as far as is known: by its own word, else since heard. */
  readonly changedAt?: Date;
  readonly deleted: boolean;
  /** Only a file has shown it; the department's service has not. */
  readonly isFromFile: boolean;
  /** The facts, those of a deleted record as they were last. */
  readonly record: ReplicatedRecord | null;
  /** Earlier versions, oldest first. */
  readonly versions: readonly RecordVersion[];
  /** Raised by every write; a writer that read an older one tries again. */
  readonly revision: number;
  /**
   * Set in the write that changes what is computed per institution, taken away when all has been computed: a process
   * that is killed in between forgets nothing.
   */
  readonly pending?: true;
  /** Subjects and match keys that the record has had since it is pending. */
  readonly formerly?: readonly string[];
}

export interface FeedStateDocument {
  readonly _id: Feed;
  /** Newest update time read, by the department's clock. */
  readonly watermark: Date | null;
  /** The replica held everything that the department held then, by the hub's clock. */
  readonly syncedAt: Date | null;
  /** When the last full reading began that came to its end; null before the first. */
  readonly loadedAt: Date | null;
  /** When the first one began: from then on the hub can say what it knew. */
  readonly firstLoadedAt: Date | null;
  readonly reconciledAt: Date | null;
  /** What the last full comparison found. */
  readonly drift: { readonly missing: number; readonly extra: number; readonly changed: number } | null;
  readonly lastErrorCode: HubErrorCode | null;
  readonly lastErrorAt: Date | null;
  /** When a file last brought records that the department's service had not shown; null where none ever did. */
  readonly filesTakenAt: Date | null;
  /** Records that cannot be read and never could, as of the last reading: nobody knows whom they concern. */
  readonly unattributed: number;
  /** How many penalties came in time, as of the last reading; null of feeds without a statutory time. */
  readonly timeliness: FeedTimeliness | null;
}

export interface FeedTimeliness {
  /** The day on which it was counted: the window ends there. */
  readonly countedOn: CalendarDate;
  /** Decisions within the window of which it can be said when they arrived. */
  readonly judged: number;
  readonly onTime: number;
}

/** A live answer that the replica has taken in: until when it need not be asked again is for the reader to say. */
export interface AnswerMarkDocument {
  readonly _id: string;
  readonly asOf: Date;
}

export interface QuarantineDocument {
  /** "<department>|<read>|<record id>|<field>". */
  readonly _id: string;
  readonly feed: Feed;
  readonly recordId: string | null;
  readonly field: string;
  readonly problem: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

const MARKS_ARE_KEPT_SECONDS = 30 * 86_400;
const options = { versionKey: false, id: false, minimize: false, autoIndex: false, autoCreate: false } as const;
const text = { type: String, default: null } as const;
const instant = { type: Date, default: null } as const;
const textsOrNone = { type: [String], default: undefined } as const;

function recordSchema(): Schema<ReplicaDocument> {
  const schema = new Schema<ReplicaDocument>(
    {
      _id: String,
      feed: String,
      recordId: String,
      subjects: [String],
      sortKey: String,
      number: text,
      vin: text,
      result: text,
      matchKeys: textsOrNone,
      hash: String,
      updatedAt: instant,
      observedAt: Date,
      recordedAt: Date,
      changedAt: Date,
      deleted: Boolean,
      isFromFile: { type: Boolean, default: false },
      record: Schema.Types.Mixed,
      versions: [Schema.Types.Mixed],
      revision: Number,
      pending: Boolean,
      formerly: textsOrNone,
    },
    { ...options, collection: 'replica_records' },
  );
  schema.index({ feed: 1, subjects: 1, sortKey: -1, recordId: 1 });
  schema.index({ feed: 1, number: 1 });
  schema.index({ feed: 1, recordId: 1 });
  // Vehicles are looked for over all feeds; records of anything else are not in this index.
  schema.index({ vin: 1, sortKey: -1 }, { partialFilterExpression: { vin: { $gt: '' } } });
  schema.index({ matchKeys: 1 }, { sparse: true });
  schema.index({ pending: 1 }, { partialFilterExpression: { pending: true } });
  return schema;
}

/** The replica's collections on a connection; made once per connection. */
export function replicaModels(connection: Connection) {
  const stateSchema = new Schema<FeedStateDocument>(
    {
      _id: String,
      watermark: instant,
      syncedAt: instant,
      loadedAt: instant,
      // No default: null is smaller than every time, and the smallest is kept.
      firstLoadedAt: Date,
      reconciledAt: instant,
      drift: { type: Schema.Types.Mixed, default: null },
      lastErrorCode: text,
      lastErrorAt: instant,
      filesTakenAt: instant,
      unattributed: { type: Number, default: 0 },
      timeliness: { type: Schema.Types.Mixed, default: null },
    },
    { ...options, collection: 'replica_feeds' },
  );
  const markSchema = new Schema<AnswerMarkDocument>(
    { _id: String, asOf: Date },
    { ...options, collection: 'replica_answers' },
  );
  markSchema.index({ asOf: 1 }, { expireAfterSeconds: MARKS_ARE_KEPT_SECONDS });
  const quarantineSchema = new Schema<QuarantineDocument>(
    {
      _id: String,
      feed: String,
      recordId: text,
      field: String,
      problem: String,
      firstSeenAt: Date,
      lastSeenAt: Date,
    },
    { ...options, collection: 'replica_quarantine' },
  );
  quarantineSchema.index({ feed: 1, recordId: 1 });
  return {
    records: connection.model('ReplicaRecord', recordSchema()),
    states: connection.model('ReplicaFeed', stateSchema),
    marks: connection.model('ReplicaAnswer', markSchema),
    quarantine: connection.model('ReplicaQuarantine', quarantineSchema),
  };
}

export type ReplicaModels = ReturnType<typeof replicaModels>;
