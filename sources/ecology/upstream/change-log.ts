/** The changes of one register in order of their upload, page by page. */
import { z } from 'zod';
import { amendedRecord } from './amended-record.ts';
import type { Amended } from './amendments.ts';
import { countBefore, inOrder, type LogEntry, type Position } from './log-index.ts';
import type { Register } from './registers.ts';
import { textIn, type OnRecord, type OutgoingRecord } from './rows.ts';

const TIME = z
  .string()
  .regex(/^(?:\d{14})?$/)
  .default('');

/** 上传时间 from kssj to jssj, both included, empty = open; after the record where the page before ended. */
export const ChangeCondition = z.object({
  kssj: TIME,
  jssj: TIME,
  lasttime: TIME,
  lastid: z.string().default(''),
  maxrows: z.coerce.number().int().min(1).max(1_000).default(1_000),
});
export type ChangeCondition = z.output<typeof ChangeCondition>;

export interface LogPage {
  readonly records: readonly OutgoingRecord[];
  /** Of all pages. */
  readonly total: number;
  /** The last record of the page; null = there is no more. */
  readonly end: Position | null;
}

/** After every time and every id. */
const END_OF_TIME = '\uffff';
const rightBehind = ({ uploadedAt, id }: Position): Position => ({ uploadedAt, id: `${id}\0` });

export class ChangeLog {
  readonly #register: Register;
  readonly #amended: ReadonlyMap<string, Amended>;
  readonly #entries: () => Promise<readonly LogEntry[]>;

  /**
   * @param amended records by id; read anew for every page
   * @param entries all records of the register in order; asked for with every page
   */
  constructor(register: Register, amended: ReadonlyMap<string, Amended>, entries: () => Promise<readonly LogEntry[]>) {
    this.#register = register;
    this.#amended = amended;
    this.#entries = entries;
  }

  /** The record as it is without amendments. */
  async find(id: string): Promise<LogEntry | undefined> {
    return (await this.#entries()).find((entry) => entry.id === id);
  }

  async page({ kssj, jssj, lasttime, lastid, maxrows }: ChangeCondition): Promise<LogPage> {
    const entries = await this.#entries();
    const first = { uploadedAt: kssj, id: '' };
    const last = { uploadedAt: jssj === '' ? END_OF_TIME : jssj, id: END_OF_TIME };
    const begin = lasttime === '' ? first : rightBehind({ uploadedAt: lasttime, id: lastid });
    const moved = this.#moved();
    const rows: LogEntry[] = [];
    let place = countBefore(entries, begin);
    let movedPlace = countBefore(moved, begin);
    while (rows.length <= maxrows) {
      const unmoved = entries[place];
      if (unmoved !== undefined && this.#isGoneFromItsPlace(unmoved.id)) {
        place += 1;
        continue;
      }
      const other = moved[movedPlace];
      const next = other === undefined || (unmoved !== undefined && inOrder(unmoved, other) < 0) ? unmoved : other;
      if (next === undefined || inOrder(next, last) > 0) break;
      if (next === other) movedPlace += 1;
      else place += 1;
      rows.push(next);
    }
    return {
      records: this.#written(rows.slice(0, maxrows)),
      total: this.#total(entries, moved, first, last),
      end: rows.length > maxrows ? (rows[maxrows - 1] ?? null) : null,
    };
  }

  #total(entries: readonly LogEntry[], moved: readonly LogEntry[], first: Position, last: Position): number {
    const between = (list: readonly LogEntry[]): number => countBefore(list, last) - countBefore(list, first);
    const gone = [...this.#amended.values()].flatMap(({ original }) =>
      this.#isGoneFromItsPlace(original.id) ? original : [],
    );
    return Math.max(0, between(entries) - between(gone.sort(inOrder)) + between(moved));
  }

  /** Amended records in the places of their last amendments. */
  #moved(): LogEntry[] {
    return [...this.#amended.values()]
      .flatMap(({ original, state, uploadedAt, isFlagged }) =>
        uploadedAt === null || (state === 'WITHDRAWN' && !isFlagged) ? [] : { ...original, uploadedAt },
      )
      .sort(inOrder);
  }

  #isGoneFromItsPlace(id: string): boolean {
    const amended = this.#amended.get(id);
    return amended !== undefined && (amended.uploadedAt !== null || amended.state === 'WITHDRAWN');
  }

  /** An institution's records are computed together, so each is computed once a page. */
  #written(entries: readonly LogEntry[]): OutgoingRecord[] {
    const records = new Map<LogEntry['owner'], ReadonlyMap<string, OnRecord>>();
    return entries.map(({ id, uploadedAt, owner }) => {
      const own = records.get(owner) ?? new Map(this.#register.of(owner).map((each) => [each.id, each]));
      records.set(owner, own);
      const onRecord = own.get(id);
      if (onRecord === undefined) throw new Error(`the platform has lost ${id}`);
      const held = onRecord.record();
      const { element } = held;
      const amended = this.#amended.get(id);
      if (amended?.state === 'WITHDRAWN') {
        const number = element === 'station' ? ['TsNo'] : ['Id', 'TsNo'];
        const kept = Object.fromEntries(number.map((key) => [key, textIn(held.row, key)]));
        return { element, row: { ...kept, Uptime: uploadedAt, DelFlag: '1' } };
      }
      const { row } = amended === undefined ? held : amendedRecord(held, amended);
      return { element, row: { ...row, Uptime: uploadedAt, DelFlag: '0' } };
    });
  }
}
