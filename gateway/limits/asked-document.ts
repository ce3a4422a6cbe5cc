/** Which document a request means: its text, or the id under which it is registered. */
import { z } from 'zod';
import { documentHash, type DocumentLookup } from '../../schema/access/trusted-documents.ts';
import { HubError } from '../../schema/errors.ts';

export interface AskedDocument {
  /** null or empty: named by id only. */
  readonly query: string | null;
  /** Lower-case hex SHA-256; null = none. */
  readonly hash: string | null;
}

const HASH = /^(?:sha256:)?([0-9a-f]{64})$/i;

const Extensions = z.object({
  documentId: z.string().optional(),
  persistedQuery: z.object({ sha256Hash: z.string() }).optional(),
});

/**
 * @param documentId as GraphQL over HTTP has it, `sha256:` before the hash or not
 * @param extensions may carry it as `documentId`, or as `persistedQuery` in the manner of Apollo's clients
 * @throws HubError INPUT_INVALID
 */
export function readAskedDocument(query: unknown, documentId: unknown, extensions: unknown): AskedDocument {
  const named = Extensions.safeParse(extensions ?? {}).data;
  const id = documentId ?? named?.documentId ?? named?.persistedQuery?.sha256Hash ?? null;
  const text = typeof query === 'string' && query !== '' ? query : null;
  if (id === null) return { query: text, hash: null };
  const hash = typeof id === 'string' ? HASH.exec(id)?.[1]?.toLowerCase() : undefined;
  if (hash === undefined)
    throw new HubError('INPUT_INVALID', 'The id of a document is the SHA-256 of its text, 64 hexadecimal digits.');
  if (text !== null && documentHash(text) !== hash)
    throw new HubError('INPUT_INVALID', 'The id of the document is not the SHA-256 of the text beside it.');
  return { query: text, hash };
}

export interface DocumentRules {
  /** null: no document is registered. */
  readonly documents: DocumentLookup | null;
  /** Serve nothing else. */
  readonly registeredOnly: boolean;
  /** Texts of the hub's own commands. */
  readonly ownDocuments: readonly string[];
}

/**
 * The text of the document.
 * @returns null when the request names none
 * @throws HubError DOCUMENT_NOT_REGISTERED
 */
export async function findText(
  { query, hash }: AskedDocument,
  { documents, registeredOnly, ownDocuments }: DocumentRules,
): Promise<string | null> {
  if (query !== null && (!registeredOnly || ownDocuments.includes(query))) return query;
  const id = hash ?? (query === null ? null : documentHash(query));
  if (id === null) return null;
  const text = (await documents?.textOf(id)) ?? null;
  if (text !== null) return text;
  const message = registeredOnly
    ? 'Only registered documents are served here, and this one is not registered.'
    : 'No document is registered under this id.';
  throw new HubError('DOCUMENT_NOT_REGISTERED', message);
}
