/** Reads what an HTTP request asks, checks it, and puts the document's text where Apollo looks for it. */
import type { FastifyRequest } from 'fastify';
import { HubError } from '../../schema/errors.ts';
import type { Admission } from './admission.ts';
import { readAskedDocument } from './asked-document.ts';
import { httpRefusal } from './refusal.ts';

export interface AdmittedRequest {
  /** null: the request names no document; Apollo says so. */
  readonly text: string | null;
  /** Tell the cost and run nothing. */
  readonly isDryRun: boolean;
}

export const DRY_RUN_HEADER = 'hub-dry-run';

type Parameters = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Parameters =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What cannot be read is left to Apollo, which runs nothing then. */
function parseJson(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parametersOf({ method, url, body }: FastifyRequest): Parameters {
  if (method !== 'GET') return isObject(body) ? body : {};
  const search = searchOf(url);
  return {
    query: search.get('query') ?? undefined,
    documentId: search.get('documentId') ?? undefined,
    variables: parseJson(search.get('variables')),
    extensions: parseJson(search.get('extensions')),
  };
}

const searchOf = (url: string): URLSearchParams => new URLSearchParams(url.split('?').slice(1).join('?'));

function withText(request: FastifyRequest, parameters: Parameters, text: string): void {
  const extensions = isObject(parameters['extensions']) ? { ...parameters['extensions'] } : undefined;
  if (extensions !== undefined) delete extensions['persistedQuery'];
  if (request.method !== 'GET') {
    request.body = { ...parameters, query: text, ...(extensions !== undefined && { extensions }) };
    return;
  }
  const search = searchOf(request.url);
  search.set('query', text);
  search.delete('documentId');
  search.delete('extensions');
  request.raw.url = `${request.url.split('?')[0] ?? ''}?${search.toString()}`;
}

/** @throws HttpError */
export async function admitRequest(request: FastifyRequest, admission: Admission): Promise<AdmittedRequest> {
  const parameters = parametersOf(request);
  const { query, documentId, extensions, variables } = parameters;
  const isDryRun =
    request.headers[DRY_RUN_HEADER] === 'true' || (isObject(extensions) && extensions['dryRun'] === true);
  try {
    const asked = readAskedDocument(query, documentId, extensions);
    const text = await admission.admit(asked, isObject(variables) ? variables : {});
    if (text !== null && asked.hash !== null) withText(request, parameters, text);
    return { text, isDryRun };
  } catch (error) {
    if (error instanceof HubError) throw httpRefusal(error);
    throw error;
  }
}
