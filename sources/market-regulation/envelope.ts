/** The envelope {code, msg, data} of the service (domain reference 6.1) and its error codes. */
import { z } from 'zod';
import { HubError } from '../../schema/errors.ts';
import type { AdapterCall } from '../kit/adapter.ts';
import type { Operation } from './operations.ts';

export const SERVICE_CODES = {
  ANSWERED: '0',
  PARAMETER_WRONG: '40001',
  CURSOR_WRONG: '40002',
  SIGNATURE_WRONG: '40101',
  TIMESTAMP_WRONG: '40102',
  APPLICATION_UNKNOWN: '40103',
  NOT_AUTHORISED: '40301',
  QUOTA_USED_UP: '42901',
} as const;

const SERVICE = 'Market Regulation';
const SHAPE_OF_CODE = /^\d{1,5}$/;

const ReplyCode = z.object({ code: z.string().trim().min(1) });
const Rows = z.object({
  data: z.object({
    total: z.number().int().nullish(),
    nextCursor: z.string().nullish(),
    rows: z.array(z.unknown()),
  }),
});

export interface ReplyRows {
  readonly rows: readonly unknown[];
  readonly total: number | null;
  /** null on the last page. */
  readonly nextCursor: string | null;
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, operation: Operation): T {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const issue = outcome.error.issues[0];
  const where = [operation.name, ...(issue?.path ?? [])].map(String).join('.');
  throw new HubError(
    'SOURCE_MALFORMED',
    `${SERVICE} sent a reply that cannot be read at ${where}: ${issue?.message ?? 'unknown shape'}.`,
    { details: { field: where } },
  );
}

function checkCode(code: string): void {
  if (code === SERVICE_CODES.ANSWERED) return;
  // Only a code in the service's own form is repeated; anything else could be text of any kind.
  const shown = SHAPE_OF_CODE.test(code) ? code : 'unknown to the hub';
  if (code === SERVICE_CODES.CURSOR_WRONG) {
    throw new HubError('INPUT_INVALID', 'The cursor does not belong to this list; begin without one.');
  }
  if (shown.startsWith('5')) {
    throw new HubError('SOURCE_UNAVAILABLE', `${SERVICE} failed (code ${shown}).`, { details: { code: shown } });
  }
  throw new HubError('SOURCE_REFUSED', `${SERVICE} refused the call (code ${shown}).`, { details: { code: shown } });
}

/** Runs an operation and checks the service's own code. @throws HubError SOURCE_* | INPUT_INVALID for a wrong cursor */
async function replyTo(
  call: AdapterCall,
  operation: Operation,
  variables: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const data = await call.execute(operation.document, variables);
  const reply = parsed(z.record(z.string(), z.unknown()), data, operation)[operation.name];
  checkCode(parsed(ReplyCode, reply, operation).code);
  return reply;
}

/** Asks once and gives the rows, still in the service's own words. */
export async function askForRows(
  call: AdapterCall,
  operation: Operation,
  variables: Readonly<Record<string, unknown>>,
): Promise<ReplyRows> {
  const { data } = parsed(Rows, await replyTo(call, operation, variables), operation);
  return {
    rows: data.rows,
    total: data.total ?? null,
    nextCursor: data.nextCursor === '' ? null : (data.nextCursor ?? null),
  };
}

/** Asks once where only the service's word that it is well matters. */
export async function askForNothing(call: AdapterCall, operation: Operation): Promise<void> {
  await replyTo(call, operation, {});
}
