/** How the kit reaches a department; handed to Mesh per call, so that no address or credential is built into it. */
import type { Kysely } from 'kysely';

/** Tables and columns are the department's; the typed contract is its tables.sql. */
export type ExchangeDatabase = Kysely<Record<string, Record<string, unknown>>>;

export interface OutgoingRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly path: string;
  readonly body: string | null;
}

export interface HttpTransport {
  readonly kind: 'http';
  /** Replaces the scheme, host and port of every address in the contract file; may carry a base path. */
  readonly endpoint: string;
  /** Headers to add (credentials, signatures); computed per call. */
  headers?(request: OutgoingRequest): Readonly<Record<string, string>>;
  /** Rewrites the text of a request after Mesh has written it: for credentials that belong inside and that no log may see. */
  sealBody?(body: string): string;
  /**
   * Rewrites the text of a reply before Mesh reads it (unwrapping that the contract file cannot express).
   * @throws HubError SOURCE_MALFORMED | SOURCE_REFUSED
   */
  unwrap?(text: string): string;
}

export interface DatabaseTransport {
  readonly kind: 'database';
  readonly database: ExchangeDatabase;
  /** For feeds and what is written back, so that they take nothing from queries; absent = the same. */
  readonly background?: ExchangeDatabase;
}

export type SourceTransport = HttpTransport | DatabaseTransport;
