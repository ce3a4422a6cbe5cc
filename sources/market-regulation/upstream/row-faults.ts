/** Faults that live inside the protocol: columns that changed, rows sent twice or in another order. */
import type { FaultCommand } from '../../kit/upstream/faults.ts';
import type { WireRow } from './native.ts';

/** How one column of an operation's rows changes when the schema drifts. */
export interface Drift {
  readonly column: string;
  /** The column's new name; without one the column keeps its name and holds an object. */
  readonly renamedTo?: string;
}

function drifted(row: WireRow, { column, renamedTo }: Drift): WireRow {
  const { [column]: value, ...others } = row;
  return renamedTo === undefined ? { ...others, [column]: { value } } : { ...others, [renamedTo]: value };
}

/** The rows as a service in this state would send them. */
export function withFault(rows: readonly WireRow[], drift: Drift, fault: FaultCommand | null): readonly WireRow[] {
  switch (fault?.kind) {
    case 'schema-drift':
      return rows.map((row, index) => (fault.scope === 'all' || index === 0 ? drifted(row, drift) : row));
    case 'duplicate-rows':
      return rows.flatMap((row) => [row, row]);
    case 'out-of-order':
      return rows.toReversed();
    default:
      return rows;
  }
}
