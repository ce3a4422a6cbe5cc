/** `hub documents`: opens the store for the command. */
import { openBacking } from '../../jobs/backing.ts';
import { TrustedDocuments } from '../../schema/access/trusted-documents.ts';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { documentsCommand } from '../commands/documents.ts';
import type { HubConfig } from '../config.ts';
import { Admission } from '../limits/admission.ts';

export async function runDocumentsCommand(
  config: HubConfig,
  words: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const schema = await buildHubSchema();
  const rules = { documents: null, registeredOnly: false, ownDocuments: [] };
  const admission = new Admission({
    ...{ schema, limits: config.limits.operation, departments: [], budgets: null, rules },
  });
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const documents = new TrustedDocuments(backing.connection);
    for (const line of await documentsCommand(documents, words, { schema, admission })) print(line);
    return 0;
  } finally {
    await backing.close();
  }
}
