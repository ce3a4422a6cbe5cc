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

const Page = z.object({ rows: z.array(z.unknown()) });

/** @throws HubError SOURCE_MALFORMED when there is no list */
export function rowsOfPage(data: unknown): readonly unknown[] {
  const page = Page.safeParse(data);
  if (!page.success)
    throw new HubError('SOURCE_MALFORMED', 'The database of Transport gave no page of changes (rows).');
  return page.data.rows;
}

const Written = z.object({ written: z.number() });

/**
 * @returns how many rows were written
 * @throws HubError SOURCE_MALFORMED when nothing says that the write was done
 */
export function countWritten(data: unknown): number {
  const answer = Written.safeParse(data);
  if (!answer.success)
    throw new HubError('SOURCE_MALFORMED', 'The database of Transport did not confirm what was written back.');
  return answer.data.written;
}
