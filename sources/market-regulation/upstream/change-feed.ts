/**
 * The provincial collection: every row with TONG_TIME 归集时间 and DEL_FLAG, in order of that time and the record id.
 * The stock was collected institution by institution, so where a reader stands says which institution comes next, and
 * a page computes only the rows that it gives. What changed later stands at the time of its change.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { cursorText } from './cursor-text.ts';
import { startOfDay } from '../../../schema/time/calendar-date.ts';
import { formatInstant } from '../../../schema/time/instant.ts';
import type { World, WorldInstitution } from '../../world/types.ts';
import { SERVICE_CODES } from '../envelope.ts';
import type { Amendments } from './amendments.ts';
import { HELD_KINDS, recordIdOf, withCodeFlag } from './holdings.ts';
import type { HeldKind, Holding } from './holdings.ts';
import type { WireRow } from './native.ts';
import { ServiceError } from './requests.ts';
import type { ChangeParameters } from './requests.ts';

/** The stock was collected on the last day of the world, all of it, so that nothing in it is younger. */
const COLLECTION_MS_EACH = 4_000;
const MAX_PAGE = 1_000;
/** Rows are counted for so long in one go, so that counting holds nobody else up. */
const SLICE_MS = 15;
/** A first page waits no longer for the number of all rows. */
const COUNTING_MS = 500;

interface Entry {
  readonly time: number;
  readonly recordId: string;
  readonly row: WireRow;
}
type Position = Pick<Entry, 'time' | 'recordId'>;

const CursorText = cursorText(z.tuple([z.enum(HELD_KINDS), z.number(), z.string()]));

function compare(left: Position, right: Position): number {
  if (left.time !== right.time) return left.time - right.time;
  return left.recordId === right.recordId ? 0 : left.recordId < right.recordId ? -1 : 1;
}

/** Two streams that are in order as one. */
function* merged(left: Iterable<Entry>, right: Iterable<Entry>): Generator<Entry> {
  const others = right[Symbol.iterator]();
  let other = others.next();
  for (const entry of left) {
    for (; other.done !== true && compare(other.value, entry) < 0; other = others.next()) yield other.value;
    yield entry;
  }
  for (; other.done !== true; other = others.next()) yield other.value;
}

export interface FeedPage {
  readonly total: number | null;
  readonly nextCursor: string | null;
  readonly rows: readonly WireRow[];
}

export class ChangeFeed {
  readonly #world: World;
  readonly #holdings: Readonly<Record<HeldKind, Holding>>;
  readonly #amendments: Amendments;
  readonly #collectionBegan: number;
  readonly #counting = new Map<HeldKind, Promise<void>>();
  readonly #counts = new Map<HeldKind, number>();

  constructor(world: World, holdings: Readonly<Record<HeldKind, Holding>>, amendments: Amendments) {
    this.#world = world;
    this.#holdings = holdings;
    this.#amendments = amendments;
    this.#collectionBegan = startOfDay(world.today).getTime();
  }

  /** @throws ServiceError for a cursor that is none, or of another feed */
  async page(kind: HeldKind, { since, cursor, limit }: ChangeParameters): Promise<FeedPage> {
    const after = cursor === undefined ? null : positionOf(kind, cursor);
    const from = Math.max(since?.getTime() ?? 0, after?.time ?? 0);
    const isAsked = (entry: Position): boolean => entry.time >= from && (after === null || compare(entry, after) > 0);
    const size = Math.min(limit, MAX_PAGE);
    const page: Entry[] = [];
    let hasMore = false;
    for (const entry of merged(this.#stock(kind, from), this.#announced(kind, isAsked))) {
      if (!isAsked(entry)) continue;
      hasMore = page.length === size;
      if (hasMore) break;
      page.push(entry);
    }
    const last = page.at(-1);
    return {
      total: since === undefined ? await this.#count(kind, cursor === undefined ? COUNTING_MS : 0) : null,
      nextCursor: hasMore && last !== undefined ? cursorOf(kind, last) : null,
      rows: page.map(({ row }) => row),
    };
  }

  #collectedAt({ index }: WorldInstitution): number {
    return this.#collectionBegan + index * COLLECTION_MS_EACH;
  }

  /** What still stands where it was first collected, from a time on. */
  *#stock(kind: HeldKind, from: number): Generator<Entry> {
    const holding = this.#holdings[kind];
    const first = Math.max(0, Math.ceil((from - this.#collectionBegan) / COLLECTION_MS_EACH));
    for (let index = first; index < this.#world.institutions.length; index += 1) {
      const institution = this.#world.institutions[index];
      if (institution === undefined) return;
      const time = this.#collectedAt(institution);
      yield* this.#amendments
        .shown(kind, holding.rowsOf(institution))
        .map((row) => ({ time, recordId: recordIdOf(holding, row), row: collected(row, time, false) }))
        .filter(({ recordId }) => this.#amendments.isInPlace(kind, recordId))
        .sort(compare);
    }
  }

  /** What was announced since, in order. */
  *#announced(kind: HeldKind, isAsked: (position: Position) => boolean): Generator<Entry> {
    const holding = this.#holdings[kind];
    for (const { owner, recordId, at, isWithdrawn } of this.#amendments.announced(kind)) {
      const time = at.getTime();
      if (!isAsked({ time, recordId })) continue;
      const held = holding.rowsOf(owner);
      const rows = isWithdrawn ? held : this.#amendments.shown(kind, held);
      const row = rows.find((each) => recordIdOf(holding, each) === recordId);
      if (row === undefined) continue;
      const kept = Object.fromEntries(holding.keyColumns.map((column) => [column, row[column]]));
      yield { time, recordId, row: collected(isWithdrawn ? kept : row, time, isWithdrawn) };
    }
  }

  /** The number of rows of a whole reading; null until they have been counted. */
  async #count(kind: HeldKind, waitMs: number): Promise<number | null> {
    let counting = this.#counting.get(kind);
    if (counting === undefined) {
      counting = this.#countAll(kind);
      this.#counting.set(kind, counting);
    }
    if (!this.#counts.has(kind) && waitMs > 0) await Promise.race([counting, delay(waitMs, undefined, { ref: false })]);
    const count = this.#counts.get(kind);
    return count === undefined ? null : count - this.#amendments.vanished(kind);
  }

  async #countAll(kind: HeldKind): Promise<void> {
    let count = 0;
    let began = performance.now();
    for (const institution of this.#world.institutions) {
      if (performance.now() - began > SLICE_MS) {
        // Nobody may have to wait for the count in order to stop the service.
        await delay(1, undefined, { ref: false });
        began = performance.now();
      }
      count += this.#holdings[kind].countOf(institution);
    }
    this.#counts.set(kind, count);
  }
}

function collected(row: WireRow, time: number, isWithdrawn: boolean): WireRow {
  const columns = { TONG_TIME: formatInstant(new Date(time)), DEL_FLAG: isWithdrawn ? '1' : '0' };
  return { ...columns, ...withCodeFlag(row) };
}

function cursorOf(kind: HeldKind, { time, recordId }: Position): string {
  return Buffer.from(JSON.stringify([kind, time, recordId])).toString('base64url');
}

function positionOf(kind: HeldKind, cursor: string): Position {
  const parsed = CursorText.safeParse(cursor);
  if (!parsed.success || parsed.data[0] !== kind) throw new ServiceError(SERVICE_CODES.CURSOR_WRONG);
  const [, time, recordId] = parsed.data;
  return { time, recordId };
}
