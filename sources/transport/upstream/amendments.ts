/**
 * Changes of the department's records, in its own way: a row of the same ID is added, with a new GXSJ and unread, or
 * the flag row that withdraws the ID. Done silently, rows are changed or deleted where they are.
 */
import type { z } from 'zod';
import type { ReplicatedRead } from '../../../schema/ports.ts';
import type { Amendment } from '../../kit/upstream/amendment.ts';
import type { Engine } from './engine.ts';
import { TABLES } from './fill.ts';
import { control, wallTime, type Cells } from './format.ts';

interface Place {
  readonly table: string;
  /** The column that CHANGE gives another value, and that value. */
  readonly changed: string;
  newValue(row: Cells, at: Date): string;
  /** The column that SPOIL fills with what it cannot mean. */
  readonly spoiled: string;
  readonly nonsense: string;
}

const corrected = (_row: Cells, at: Date): string => `更正 ${wallTime(at)}`;
const STATIONS = { table: 'QZ_JCJG', newValue: corrected, spoiled: 'BAZT', nonsense: '?' };
const TESTS = { table: 'QZ_CLJC', spoiled: 'JCJL', nonsense: 'X?' };

const PLACES: { readonly [K in ReplicatedRead]?: Place } = {
  institutions: { ...STATIONS, changed: 'DZ' },
  qualifications: { ...STATIONS, changed: 'BAJG' },
  inspections: { ...TESTS, changed: 'LC', newValue: ({ LC }) => (Number(LC ?? 0) + 1).toFixed(1) },
  reports: { ...TESTS, changed: 'QZR', newValue: corrected },
  penalties: {
    table: 'QZ_XZCF',
    changed: 'CF_WFXW',
    newValue: corrected,
    spoiled: 'CF_JDRQ',
    nonsense: '2026/13/45',
  },
};

export class Amendments {
  readonly #engine: Engine;
  /** Records as they were before they were withdrawn or spoiled, by table and ID. */
  readonly #kept = new Map<string, Cells>();
  #batch = 10;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @throws Error when the department has no such record, or no feed of the read */
  async apply({ read, recordId, kind, at, silently }: z.output<typeof Amendment>): Promise<void> {
    const place = PLACES[read];
    if (place === undefined) throw new Error(`transport has no ${read}`);
    const { table } = place;
    const name = `${table} ${recordId}`;
    const now = await this.#latest(table, recordId);
    const isThere = now !== null && now['CZLX'] !== 'D';
    const kept = this.#kept.get(name);
    if (!isThere && (kind !== 'RESTORE' || kept === undefined)) throw new Error(`there is no record ${name}`);

    if (kind === 'RESTORE') {
      this.#kept.delete(name);
      const record = kept ?? now ?? {};
      if (!silently) return this.#engine.insert(table, { ...record, ...this.#control('U', at) });
      await this.#delete(table, recordId);
      return this.#engine.insert(table, record);
    }
    if (!isThere) return;
    // A record that is spoiled already is not what it comes back as.
    if (kind !== 'CHANGE' && kept === undefined) this.#kept.set(name, now);
    if (kind === 'WITHDRAW') {
      if (silently) return this.#delete(table, recordId);
      return this.#engine.insert(table, { ID: recordId, JCJGBH: now['JCJGBH'] ?? null, ...this.#control('D', at) });
    }
    const [column, value] =
      kind === 'CHANGE' ? [place.changed, place.newValue(now, at)] : [place.spoiled, place.nonsense];
    if (!silently) return this.#engine.insert(table, { ...now, [column]: value, ...this.#control('U', at) });
    await this.#engine.query(`UPDATE ${table} SET ${column} = $1 WHERE ID = $2`, [value, recordId]);
  }

  #control(operation: 'U' | 'D', at: Date): Cells {
    return control(operation, at, this.#batch++);
  }

  async #latest(table: string, recordId: string): Promise<Cells | null> {
    const [row] = await this.#engine.query(
      `SELECT * FROM ${table} WHERE ID = $1
       ORDER BY GXSJ DESC NULLS LAST, CASE WHEN CZLX = 'D' THEN 0 ELSE 1 END, PCH DESC LIMIT 1`,
      [recordId],
    );
    return row === undefined
      ? null
      : Object.fromEntries(columnsOf(table).map((name) => [name, row[name.toLowerCase()] ?? null]));
  }

  async #delete(table: string, recordId: string): Promise<void> {
    await this.#engine.query(`DELETE FROM ${table} WHERE ID = $1`, [recordId]);
  }
}

function columnsOf(table: string): string[] {
  return TABLES.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? [];
}
