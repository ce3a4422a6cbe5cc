/** `hub documents register | list | remove`: the documents that are served in production. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  getOperationAST,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { z } from 'zod';
import { documentHash, type TrustedDocuments } from '../../schema/access/trusted-documents.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import type { Admission } from '../limits/admission.ts';
import { alignColumns } from '../start-table.ts';
import { UsageError } from './usage-error.ts';

/** Larger than any manifest of a real client. */
const MAX_FILE_BYTES = 16 * 1_048_576;

/** As Relay and the client preset of GraphQL Code Generator write it, and as Apollo's clients do. */
const Manifest = z.union([
  z
    .object({ operations: z.array(z.object({ id: z.string(), body: z.string() })) })
    .transform(({ operations }) => operations.map(({ id, body }) => ({ id, text: body }))),
  z.record(z.string(), z.string()).transform((texts) => Object.entries(texts).map(([id, text]) => ({ id: id, text }))),
]);

interface OneDocument {
  readonly id: string | null;
  readonly text: string;
}

async function documentsIn(path: string): Promise<readonly OneDocument[]> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) throw new UsageError(`${path} is larger than ${MAX_FILE_BYTES} bytes.`);
  const text = await readFile(path, 'utf8');
  if (!path.endsWith('.json')) return [{ id: null, text }];
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new UsageError(`${path} is not valid JSON.`);
  }
  const manifest = Manifest.safeParse(read);
  if (!manifest.success) throw new UsageError(`${path} is no manifest: an object of ids and texts.`);
  return manifest.data;
}

export interface DocumentCheckParts {
  readonly schema: GraphQLSchema;
  /** Under the limits that hold where it is going to be served. */
  readonly admission: Admission;
}

function problemOf(document: DocumentNode, schema: GraphQLSchema): string | null {
  const [invalid] = validate(schema, document, [...specifiedRules, NoSchemaIntrospectionCustomRule]);
  return invalid?.message ?? null;
}

/** @returns why it cannot be registered; null = it can */
async function refusalOf({ id, text }: OneDocument, { schema, admission }: DocumentCheckParts): Promise<string | null> {
  if (id !== null && id.toLowerCase().replace(/^sha256:/, '') !== documentHash(text))
    return `its id ${id} is not the SHA-256 of its text`;
  try {
    await admission.admit({ query: text, hash: null }, {});
    const document = parse(text);
    const invalid = problemOf(document, schema);
    if (invalid !== null) return invalid;
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      const operation = getOperationAST(document, definition.name?.value);
      if (operation == null) return 'it has several operations and not all of them have a name';
      admission.costOf(document, operation, {});
    }
    return null;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

async function register(paths: readonly string[], documents: TrustedDocuments, parts: DocumentCheckParts) {
  if (paths.length === 0) throw new UsageError('Name the files with the documents.');
  const all = (
    await Promise.all(paths.map(async (path) => (await documentsIn(path)).map((each) => ({ ...each, path }))))
  ).flat();
  // All or none: a client whose documents are half registered works half.
  for (const document of all) {
    const refusal = await refusalOf(document, parts);
    if (refusal !== null) throw new UsageError(`${document.path}: ${refusal}. Nothing was registered.`);
  }
  const lines: string[] = [];
  for (const { path, text } of all) {
    const { hash, isNew } = await documents.register(basename(path), text);
    lines.push(`${hash}  ${basename(path)}${isNew ? '' : '  (was registered)'}`);
  }
  return lines;
}

/** @returns lines for the terminal @throws UsageError */
export async function documentsCommand(
  documents: TrustedDocuments,
  [verb, ...words]: readonly string[],
  parts: DocumentCheckParts,
): Promise<readonly string[]> {
  switch (verb) {
    case 'register':
      return await register(words, documents, parts);
    case 'list': {
      const rows = (await documents.list()).map(({ _id, name, registeredAt }) => [
        _id,
        name,
        formatInstant(registeredAt),
      ]);
      return rows.length === 0 ? ['No documents.'] : alignColumns(rows);
    }
    case 'remove': {
      if (words.length === 0) throw new UsageError('Name the ids of the documents.');
      const lines: string[] = [];
      for (const id of words) {
        if (!(await documents.remove(id.toLowerCase().replace(/^sha256:/, ''))))
          throw new UsageError([...lines, `There is no document ${id}.`].join('\n'));
        lines.push(`Document ${id} is removed.`);
      }
      return lines;
    }
    default:
      throw new UsageError('Say what to do with documents: register, list or remove.');
  }
}
