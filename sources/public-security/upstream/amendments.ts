/** What has been changed in single records since the world was built, read by everything that the upstream answers. */
import type { z } from 'zod';
import type { Amendment } from '../../kit/upstream/amendment.ts';

type ReadOf = z.output<typeof Amendment>['read'];

/** HELD: on record. WITHDRAWN: flagged as deleted. GONE: deleted without a flag. */
export type Standing = 'HELD' | 'WITHDRAWN' | 'GONE';

export interface RecordState {
  readonly standing: Standing;
  /** How often its one field has been changed; 0 = as in the world. */
  readonly changes: number;
  readonly spoiled: boolean;
  /** The department's own time of the last change that it tells; null = that of the world. */
  readonly updatedAt: Date | null;
}

const UNTOUCHED: RecordState = { standing: 'HELD', changes: 0, spoiled: false, updatedAt: null };

export class Amendments {
  readonly #states = new Map<string, RecordState>();
  readonly #times = new Map<string, Set<Date>>();

  stateOf(read: ReadOf, recordId: string): RecordState {
    return this.#states.get(`${read} ${recordId}`) ?? UNTOUCHED;
  }

  /** The update times that amended records of a read and a station have or had. */
  timesOf(read: ReadOf, station: string): readonly Date[] {
    return [...(this.#times.get(`${read} ${station}`) ?? [])];
  }

  apply({ read, recordId, kind, at, silently }: z.output<typeof Amendment>, station: string): void {
    const before = this.stateOf(read, recordId);
    const updatedAt = silently ? before.updatedAt : at;
    const changed: Readonly<Record<typeof kind, RecordState>> = {
      CHANGE: { ...before, changes: before.changes + 1, updatedAt },
      WITHDRAW: { ...before, standing: silently ? 'GONE' : 'WITHDRAWN', updatedAt },
      RESTORE: { ...UNTOUCHED, updatedAt },
      SPOIL: { ...before, spoiled: true, updatedAt },
    };
    this.#states.set(`${read} ${recordId}`, changed[kind]);
    if (updatedAt !== null) this.#times.set(`${read} ${station}`, new Set([...this.timesOf(read, station), updatedAt]));
  }
}

/** Of records that share a row: the row is gone as soon as one of them is. */
export function standingOf(states: readonly RecordState[]): Standing {
  const standings = new Set(states.map(({ standing }) => standing));
  return standings.has('GONE') ? 'GONE' : standings.has('WITHDRAWN') ? 'WITHDRAWN' : 'HELD';
}

/** The time of the row that the records share. */
export function latest(time: Date, states: readonly RecordState[]): Date {
  return states.reduce(
    (newest, { updatedAt }) => (updatedAt !== null && updatedAt > newest ? updatedAt : newest),
    time,
  );
}
