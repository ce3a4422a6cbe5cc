/** Where the records of a register lie in the order of their upload. */
import { setImmediate } from 'node:timers/promises';
import type { WorldInstitution } from '../../world/types.ts';
import type { Register } from './registers.ts';

/** A place in the order. */
export interface Position {
  /** yyyyMMddHHmmss */
  readonly uploadedAt: string;
  readonly id: string;
}

/** A record of a register with the place that it has without amendments. */
export interface LogEntry extends Position {
  readonly owner: WorldInstitution;
}

const LONGEST_WORK_MS = 50;

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** By time of upload, then by id. */
export function inOrder(left: Position, right: Position): number {
  return compare(left.uploadedAt, right.uploadedAt) || compare(left.id, right.id);
}

/** How many of the ordered entries lie before the position. */
export function countBefore(entries: readonly LogEntry[], position: Position): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && inOrder(entry, position) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All entries in order. Lets other calls through now and then: a large world takes seconds. */
export async function indexOf(register: Register): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  let rested = performance.now();
  for (const owner of register.owners) {
    for (const each of register.of(owner)) entries.push({ id: each.id, uploadedAt: each.uploadedAt(), owner });
    if (performance.now() - rested > LONGEST_WORK_MS) {
      await setImmediate();
      rested = performance.now();
    }
  }
  return entries.sort(inOrder);
}
