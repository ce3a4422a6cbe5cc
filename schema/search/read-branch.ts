import type { CreditCode } from '../codes/credit-code.ts';
import { comparableName } from '../identity/institution-name.ts';
import type { InstitutionEntryModel, StoredEntry } from './institution-entry.model.ts';
import { rangesAfter, type Condition, type Order, type Position } from './institution-order.ts';
import type { ReadingPlan } from './leading-condition.ts';

export interface FoundRow {
  readonly creditCode: CreditCode;
  readonly position: Position;
}

/** What to read of one branch. */
export interface BranchReading {
  readonly plan: ReadingPlan;
  readonly order: Order;
  /** null = from the beginning. */
  readonly after: Position | null;
  readonly wanted: number;
  /** What the comparable name must contain beyond the plan's conditions; null when they say it all. */
  readonly name: string | null;
}

type ReadRow = Pick<StoredEntry, 'creditCode' | 'name' | 'nameKey' | 'updatedAt' | 'riskScore'>;

const MOST_READ_AT_ONCE = 1_000;

/**
 * The first rows of a branch after a position, in order; fewer than wanted only at the end.
 * @throws whatever the database throws
 */
export async function readBranch(model: InstitutionEntryModel, reading: BranchReading): Promise<FoundRow[]> {
  const { plan, order, wanted } = reading;
  const found: FoundRow[] = [];
  let ranges = rangesAfter(order, reading.after);
  let limit = wanted;
  for (let range = ranges[0]; range !== undefined; range = ranges[0]) {
    const rows = await rowsWithin(model, plan, order, range, limit);
    found.push(...rows.filter((row) => hasName(row, reading.name)).map((row) => foundRow(order, row)));
    if (found.length >= wanted) return found.slice(0, wanted);
    const last = rows.at(-1);
    ranges = last === undefined || rows.length < limit ? ranges.slice(1) : rangesAfter(order, order.positionOf(last));
    // Only where names hold the right pairs of characters apart from each other is more read than wanted.
    if (rows.length === limit) limit = Math.min(limit * 2, MOST_READ_AT_ONCE);
  }
  return found;
}

async function rowsWithin(
  model: InstitutionEntryModel,
  { index, conditions }: ReadingPlan,
  order: Order,
  range: Condition,
  limit: number,
): Promise<ReadRow[]> {
  return model
    .find({ $and: [...conditions, range] })
    .select({ _id: 0, creditCode: 1, name: 1, nameKey: 1, updatedAt: 1, riskScore: 1 })
    .sort(order.key)
    .hint(index)
    .limit(limit)
    .lean<ReadRow[]>();
}

function hasName({ name }: ReadRow, wanted: string | null): boolean {
  return wanted === null || comparableName(name).includes(wanted);
}

function foundRow(order: Order, row: ReadRow): FoundRow {
  return { creditCode: row.creditCode, position: order.positionOf(row) };
}
