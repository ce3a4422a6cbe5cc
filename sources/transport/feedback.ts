/** Rows of QZ_FK: what the hub says of a row of the department, and SJZT of that row. */
import type { NewRow } from '../kit/mesh-handlers/exchange-database/condition.ts';
import { sm3Hex } from '../../schema/signing/sm3.ts';
import { isWritable, wallTime } from './conditions.ts';

export const UNREAD = '0';
export const TAKEN = '1';
export const REFUSED = '2';
/** Rows per statement. */
export const CHUNK = 500;
/** Sizes of ID, CWZD and CWMS, in characters. */
const ID_SIZE = 32;
const FIELD_SIZE = 64;
const PROBLEM_SIZE = 500;

export interface Feedback {
  readonly table: string;
  /** The hub's batch. */
  readonly batch: string;
  /** What tells it from other feedback of the same table and batch. */
  readonly about: string;
  readonly recordId: string | null;
  /** Batch of the department's row, where it is known which version is meant. */
  readonly recordBatch: string | null;
  /** null = taken. */
  readonly refusal: { readonly field: string | null; readonly problem: string } | null;
}

export function feedbackRow({ table, batch, about, recordId, recordBatch, refusal }: Feedback): NewRow {
  return {
    // The same batch and record give the same ID, and a row that is there is not added again.
    ID: sm3Hex(JSON.stringify([batch, table, about])).slice(0, ID_SIZE),
    BMC: table,
    JLID: recordId,
    JLPCH: recordBatch || null,
    FKJG: refusal === null ? TAKEN : REFUSED,
    CWZD: refusal?.field == null ? null : writable(refusal.field, FIELD_SIZE),
    CWMS: refusal && writable(refusal.problem, PROBLEM_SIZE),
    CZLX: 'I',
    SJZT: UNREAD,
    PCH: writable(batch, ID_SIZE),
    GXSJ: wallSecond(new Date()),
  };
}

/** Whether the department can have a row under this ID. */
export function isPossibleId(recordId: string): boolean {
  return Array.from(recordId).length <= ID_SIZE && isWritable(recordId);
}

/** `yyyy-MM-dd HH:mm:ss` by the wall clock of China. */
export function wallSecond(instant: Date): string {
  return wallTime(instant).slice(0, 'yyyy-MM-dd HH:mm:ss'.length);
}

/** A text that fits the column, in letters that every charset of the department's databases has. */
export function writable(text: string, size: number): string {
  return Array.from(text)
    .map((letter) => (isWritable(letter) ? letter : '?'))
    .slice(0, size)
    .join('');
}
