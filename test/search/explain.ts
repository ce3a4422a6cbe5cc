/** Which commands a search sends, and what the database says about them. */
import { mongo, type Connection } from 'mongoose';
import { z } from 'zod';

/** What one command read. */
export interface Reading {
  readonly documents: number;
  /** Read without an index. */
  readonly isScan: boolean;
}

const Explanation = z.object({
  queryPlanner: z.object({ winningPlan: z.json() }).optional(),
  stages: z.json().optional(),
  executionStats: z.object({ totalDocsExamined: z.number() }).optional(),
});
const NOT_SUPPORTED = [59, 72];

/** Runs something and collects the reads it sends, as the driver sent them. */
export async function commandsOf<T>(
  connection: Connection,
  run: () => Promise<T>,
): Promise<{ result: T; commands: mongo.Document[] }> {
  const commands: mongo.Document[] = [];
  const collect = ({ commandName, command }: mongo.CommandStartedEvent): void => {
    if (['find', 'aggregate', 'count'].includes(commandName)) commands.push(command);
  };
  const client = connection.getClient();
  client.on('commandStarted', collect);
  try {
    return { result: await run(), commands };
  } finally {
    client.off('commandStarted', collect);
  }
}

/** @returns null where the store does not explain */
export async function explained(connection: Connection, command: mongo.Document): Promise<Reading | null> {
  const plain = Object.fromEntries(
    Object.entries(command).filter(([name]) => !['lsid', '$db', '$clusterTime', '$readPreference'].includes(name)),
  );
  const database = connection.getClient().db(connection.name);
  try {
    const reply = Explanation.parse(
      JSON.parse(JSON.stringify(await database.command({ explain: plain, verbosity: 'executionStats' }))),
    );
    const text = JSON.stringify(reply);
    const [, nested] = /"totalDocsExamined":(\d+)/.exec(text) ?? [];
    return { documents: Number(nested ?? Number.NaN), isScan: text.includes('COLLSCAN') };
  } catch (error) {
    if (error instanceof mongo.MongoServerError && NOT_SUPPORTED.includes(Number(error.code))) return null;
    throw error;
  }
}
