/**
 * The envelope of the jkid/jksqm family (wire-formats B.1, B.2): one request with a list of conditions, one reply with
 * one element per condition. What the records mean is not known here.
 */
import { z } from 'zod';
import { HubError } from '../../schema/errors.ts';
import type { AdapterCall } from '../kit/adapter.ts';
import type { Operation, RecordElement } from './operations.ts';

/** How the platform is addressed; from the configuration. */
export interface EcologyPlatform {
  /** Path and query of its one address. */
  readonly address: string;
}

/** Filters of one condition, in the platform's names; its number is added here. */
export type Condition = Readonly<Record<string, string>>;

/** A record with the name of the element that held it. */
export interface WireRecord {
  readonly element: RecordElement;
  readonly record: unknown;
}

const ANSWERED = '200';
/** Its own codes for: no authorisation, not allowed, too many calls, unknown operation, condition not understood. */
const REFUSALS: ReadonlySet<string> = new Set(['400', '401', '403', '404', '429']);
const FAILURES: ReadonlySet<string> = new Set(['500', '502', '503', '504']);

const Result = z.object({
  conditionno: z.string().regex(/^[1-9]\d{0,5}$/, 'is not the number of a condition'),
  body: z.array(z.record(z.string(), z.unknown())),
});
/** What the operations of changes say about a page beside its records. */
const PageResult = Result.extend({
  total: z.string().regex(/^\d{1,9}$/, 'is not a number of records'),
  lasttime: z.string().regex(/^(?:\d{14})?$/, 'is no time of upload'),
  lastid: z.string(),
});
const ReplyCode = z.object({ code: z.string().trim().min(1) });

const PLATFORM = 'Ecology';

function malformed(where: string, problem: string): HubError {
  return new HubError('SOURCE_MALFORMED', `${PLATFORM} sent a reply that cannot be read at ${where}: ${problem}.`, {
    details: { field: where },
  });
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, operationName: string): T {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const issue = outcome.error.issues[0];
  throw malformed([operationName, ...(issue?.path ?? [])].map(String).join('.'), issue?.message ?? 'unknown shape');
}

/** @throws HubError SOURCE_REFUSED | SOURCE_UNAVAILABLE unless the code means "answered" */
function checkCode(code: string): void {
  if (code === ANSWERED) return;
  if (FAILURES.has(code)) {
    throw new HubError('SOURCE_UNAVAILABLE', `${PLATFORM} failed (code ${code}).`, { details: { code } });
  }
  // The code list of the platform is not published in full; what is not "answered" is its own "no".
  const known = REFUSALS.has(code) ? code : 'unknown to the hub';
  throw new HubError('SOURCE_REFUSED', `${PLATFORM} refused the call (code ${known}).`, { details: { code: known } });
}

/** The record of one body element: exactly the one element that is set. Null when there is none. */
function recordOf(body: Readonly<Record<string, unknown>>, elements: readonly RecordElement[]): WireRecord | null {
  for (const element of elements) {
    const record = body[element];
    if (record !== undefined && record !== null) return { element, record };
  }
  return null;
}

/** Sends one request and gives the results of a reply that says "answered". */
async function exchange<R>(
  platform: EcologyPlatform,
  call: AdapterCall,
  { name, document }: Operation,
  conditions: readonly Condition[],
  result: z.ZodType<R>,
): Promise<readonly R[]> {
  const data = await call.execute(document, {
    address: platform.address,
    conditions: conditions.map((condition, index) => ({ conditionno: String(index + 1), ...condition })),
  });
  const reply = parsed(z.record(z.string(), z.unknown()), data, name)[name];
  checkCode(parsed(ReplyCode, reply, name).code);
  return parsed(z.object({ result: z.array(result) }), reply, name).result;
}

function recordsOf(body: z.output<typeof Result>['body'], { name, elements }: Operation): WireRecord[] {
  return body.map((each) => {
    const record = recordOf(each, elements);
    if (record === null) throw malformed(`${name}.result.body`, `holds none of ${elements.join(', ')}`);
    return record;
  });
}

/**
 * Asks the platform once.
 * @param conditions one per request; none means that nothing is asked and nothing is sent
 * @returns per condition its records, same order as the conditions, records in the order of the reply
 * @throws HubError SOURCE_REFUSED, SOURCE_UNAVAILABLE by the platform's own code; SOURCE_MALFORMED naming the field
 *   when the envelope is not one, or when a condition is left without an answer
 */
export async function ask(
  platform: EcologyPlatform,
  call: AdapterCall,
  operation: Operation,
  conditions: readonly Condition[],
): Promise<readonly (readonly WireRecord[])[]> {
  if (conditions.length === 0) return [];
  const { name } = operation;
  const answers: (WireRecord[] | undefined)[] = conditions.map(() => undefined);
  for (const { conditionno, body } of await exchange(platform, call, operation, conditions, Result)) {
    const index = Number(conditionno) - 1;
    if (index >= conditions.length) throw malformed(`${name}.result.conditionno`, 'nobody asked this');
    (answers[index] ??= []).push(...recordsOf(body, operation));
  }
  return answers.map((records, index) => {
    if (records === undefined) throw malformed(`${name}.result`, `condition ${index + 1} is not answered`);
    return records;
  });
}

/** Where a page ended: time of upload, `yyyyMMddHHmmss`, and Id of its last record. */
export interface PageEnd {
  readonly time: string;
  readonly id: string;
}

export interface WirePage {
  readonly records: readonly WireRecord[];
  /** null = there is no more. */
  readonly end: PageEnd | null;
  /** Records of the whole answer. */
  readonly total: number;
}

/**
 * Asks the platform once for one page.
 * @param after where the page before ended
 * @throws HubError as {@link ask}; SOURCE_MALFORMED also when the page does not lead on, which would never end
 */
export async function askPage(
  platform: EcologyPlatform,
  call: AdapterCall,
  operation: Operation,
  condition: Condition,
  after: PageEnd | null,
): Promise<WirePage> {
  const { name } = operation;
  const asked = { ...condition, lasttime: after?.time ?? '', lastid: after?.id ?? '' };
  const [page, ...others] = await exchange(platform, call, operation, [asked], PageResult);
  if (page?.conditionno !== '1' || others.length > 0) throw malformed(`${name}.result`, 'is not one page');
  const { body, total, lasttime: time, lastid: id } = page;
  if ((time === '') !== (id === '')) throw malformed(`${name}.result.lastid`, 'is not where a page ends');
  const end = time === '' ? null : { time, id };
  if (end !== null && after !== null && (time < after.time || (time === after.time && id === after.id)))
    throw malformed(`${name}.result.lasttime`, 'does not lead on');
  return { records: recordsOf(body, operation), end, total: Number(total) };
}
