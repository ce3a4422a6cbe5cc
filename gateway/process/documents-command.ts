/** `hub documents`: under the limits that hold where the documents are going to be served. */
import type { Connection } from 'mongoose';
import { TrustedDocuments } from '../../schema/access/trusted-documents.ts';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { documentsCommand } from '../commands/documents.ts';
import type { HubConfig } from '../config.ts';
import { Admission } from '../limits/admission.ts';

/** @returns what is run on the store; it gives lines for the terminal */
export const documentsOf =
  ({ limits }: HubConfig, words: readonly string[]) =>
  async (connection: Connection): Promise<readonly string[]> => {
    const schema = await buildHubSchema();
    const rules = { documents: null, registeredOnly: false, ownDocuments: [] };
    const admission = new Admission({ schema, limits: limits.operation, departments: [], budgets: null, rules });
    return await documentsCommand(new TrustedDocuments(connection), words, { schema, admission });
  };
