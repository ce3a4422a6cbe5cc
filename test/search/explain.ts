/** What the searches really sent, and what the database says it read for it. */
import type { Connection, mongo } from 'mongoose';
import { z } from 'zod';

/** What one command read. */
export interface Reading {
  readonly isCount: boolean;
  readonly documents: number;
  /** Read without an index. */
  readonly isScan: boolean;
}

const Aggregate = z.object({
  aggregate: z.string(),
  pipeline: z.tuple([z.object({ $match: z.json() }), z.object({ $limit: z.number() })]).rest(z.json()),
});
const Explanation = z.object({
  queryPlanner: z.object({ winningPlan: z.json() }),
  executionStats: z.object({ totalDocsExamined: z.number() }),
});
/** Fields that belong to the connection and not to the question. */
const NOT_EXPLAINED = ['lsid', '$db', '$clusterTime', '$readPreference'];

/** Runs something; gives what it gives, and what each read that it sent took. */
export async function readingsOf<T>(
  connection: Connection,
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly readings: readonly Reading[] }> {
  const sent: mongo.Document[] = [];
  const collect = ({ commandName, command }: mongo.CommandStartedEvent): void => {
    if (['find', 'aggregate'].includes(commandName)) sent.push(command);
  };
  const client = connection.getClient();
  client.on('commandStarted', collect);
  const result = await run().finally(() => client.off('commandStarted', collect));
  const readings: Reading[] = [];
  for (const command of sent) readings.push(await readingOf(connection, command));
  return { result, readings };
}

async function readingOf(connection: Connection, command: mongo.Document): Promise<Reading> {
  const isCount = 'aggregate' in command;
  const explained = await connection.db?.command({
    explain: isCount ? countIn(command) : withoutConnection(command),
    verbosity: 'executionStats',
  });
  const { queryPlanner, executionStats } = Explanation.parse(explained);
  const isScan = JSON.stringify(queryPlanner.winningPlan).includes('COLLSCAN');
  return { isCount, documents: executionStats.totalDocsExamined, isScan };
}

/** Counting is sent as a pipeline; as a count it is explained by every store. */
function countIn(command: mongo.Document): mongo.Document {
  const { aggregate, pipeline } = Aggregate.parse(withoutConnection(command));
  const [{ $match: query }, { $limit: limit }] = pipeline;
  return { count: aggregate, query, limit };
}

function withoutConnection(command: mongo.Document): mongo.Document {
  return Object.fromEntries(Object.entries(command).filter(([name]) => !NOT_EXPLAINED.includes(name)));
}
