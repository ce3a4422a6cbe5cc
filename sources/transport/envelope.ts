/** The answer of the database: one list of rows per condition. */
import { z } from 'zod';
import { HubError } from '../../schema/errors.ts';

const Answer = z.object({ rows: z.array(z.array(z.unknown())) });

/**
 * @param data what Mesh gave for one of the operations
 * @returns one list per condition, same order
 * @throws HubError SOURCE_MALFORMED when lists are missing
 */
export function rowsPerCondition(data: unknown, conditions: number): readonly (readonly unknown[])[] {
  const answer = Answer.safeParse(data);
  if (!answer.success || answer.data.rows.length !== conditions)
    throw new HubError('SOURCE_MALFORMED', 'The database of Transport did not answer every condition (rows).');
  return answer.data.rows;
}

const Identified = z.object({ ID: z.string().trim().min(1) });

/** The ID of a row that may be malformed elsewhere. */
export function recordIdOf(row: unknown): string | null {
  return Identified.safeParse(row).data?.ID ?? null;
}
