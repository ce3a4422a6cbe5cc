/**
 * What the author of a department's folder implements. An adapter speaks in drafts: facts without provenance.
 * The kit turns drafts into records by stamping department, receipt, times and version, so an adapter can neither
 * forget provenance nor invent it.
 */
import type { DocumentNode } from 'graphql';
import type { Envelope, NoticeDoor, RecipientWord, WordOutcome, WordsPage } from '../../schema/delivery/ports.ts';
import type {
  ChangesPage,
  ChangesQuery,
  ChangesReceipt,
  DirectoryEntry,
  InstitutionListQuery,
  MalformedRecord,
  ReadName,
  ReplicatedRead,
  SourceReads,
  SubjectKey,
} from '../../schema/ports.ts';
import type { InstitutionRecord, ProvenanceRecord } from '../../schema/records.ts';

/** A record before the kit has stamped it. `asOf` is null where the department names no update time. */
export type Draft<R extends { readonly provenance: ProvenanceRecord }> = R extends unknown
  ? Omit<R, 'provenance' | 'id'> & { readonly sourceRecordId: string; readonly asOf: Date | null }
  : never;

export interface DraftSet<D> {
  readonly drafts: readonly D[];
  readonly malformed: readonly MalformedRecord[];
}

export interface AdapterCall {
  readonly signal: AbortSignal;
  /**
   * Runs an operation on this department's own Mesh schema and gives its `data`. A value that the typed schema
   * could not take is replaced by an {@link UnreadableValue}, so that the dictionary refuses just that field.
   * @throws HubError SOURCE_* when there is no usable reply
   */
  execute(document: DocumentNode, variables: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** Stands where Mesh found a value of another type than the contract file says. */
export class UnreadableValue {
  constructor(readonly problem: string) {}
}

type AdapterReads = {
  readonly [K in ReadName]?: (
    requests: readonly SourceReads[K]['request'][],
    call: AdapterCall,
  ) => Promise<readonly DraftSet<Draft<SourceReads[K]['record']>>[]>;
};

export interface DraftListPage {
  readonly rows: readonly { readonly cursor: string; readonly institution: Draft<InstitutionRecord> }[];
  readonly hasNextPage: boolean;
  readonly totalCount: number | null;
  readonly malformed: readonly MalformedRecord[];
}

/** A change before the kit has stamped it; its record id is that of the draft. */
export type DraftChange<D> =
  | {
      readonly kind: 'UPSERT';
      readonly updatedAt: Date | null;
      readonly subjects: readonly SubjectKey[];
      readonly draft: D;
    }
  | { readonly kind: 'DELETE'; readonly recordId: string; readonly updatedAt: Date | null };

export interface DraftChangesPage<D> extends Omit<ChangesPage<never>, 'asOf' | 'changes'> {
  readonly changes: readonly DraftChange<D>[];
}

type AdapterFeeds = {
  readonly [K in ReplicatedRead]?: (
    query: ChangesQuery,
    call: AdapterCall,
  ) => Promise<DraftChangesPage<Draft<SourceReads[K]['record']>>>;
};

type AdapterAcknowledgements = {
  readonly [K in ReplicatedRead]?: (receipt: ChangesReceipt, call: AdapterCall) => Promise<void>;
};

/** A recipient's word before the kit has stamped the receipt of what was received. */
export type DraftWord = Omit<RecipientWord, 'receipt'>;

export interface DraftWordsPage extends Omit<WordsPage, 'words'> {
  readonly words: readonly DraftWord[];
}

/** How a department takes notices by its own protocol, and answers them. */
export interface AdapterNotices extends Pick<NoticeDoor, 'channel' | 'voice'> {
  /**
   * One write. A message whose reply was lost comes again, so a second copy under the same id must change nothing.
   * @returns the department's own number of what it received; null where it gives none
   */
  deliver(envelope: Envelope, call: AdapterCall): Promise<string | null>;
  /** Words that have not been marked as heard, see {@link NoticeDoor.words}. */
  words(after: string | null, limit: number, call: AdapterCall): Promise<DraftWordsPage>;
  /** Marks words as heard, those that could not be read included. Runs again after a crash. */
  noteHeard(outcomes: readonly WordOutcome[], call: AdapterCall): Promise<void>;
}

/**
 * A department's reads. Each takes many requests, makes one upstream call, and answers one set per request in the
 * same order; a request for which nothing is on record gets an empty set, never an error. A department that serves
 * one number at a time hides that behind a bounded pool.
 */
export interface SourceAdapter extends AdapterReads {
  directory?(
    call: AdapterCall,
  ): Promise<{ readonly entries: readonly DirectoryEntry[]; readonly malformed: readonly MalformedRecord[] }>;
  listInstitutions?(query: InstitutionListQuery, call: AdapterCall): Promise<DraftListPage>;
  /**
   * What changed since a time, page by page; gives the same drafts as the reads above. A record id is unique within
   * its read.
   */
  readonly changes?: AdapterFeeds;
  /** Where the department wants to hear what became of its rows. Runs again after a crash. */
  readonly acknowledge?: AdapterAcknowledgements;
  /** Where the department takes notices by its own protocol; others are called at the address that they register. */
  readonly notices?: AdapterNotices;
  /** The smallest read that proves the department answers. */
  ping(call: AdapterCall): Promise<void>;
}
