/** Reads one row as the adapter would, for the tests of the dictionary and the mapping. */
import { readRow, type RowReader } from '../../../sources/kit/read-rows.ts';

export type Row = Record<string, unknown>;

function read<W, D>(wire: RowReader<W, D>['wire'], toDraft: (row: W) => D | null, row: unknown) {
  return readRow(row, { wire, toDraft, recordIdOf: () => 'the-id' });
}

export function draftOf<W, D>(wire: RowReader<W, D>['wire'], toDraft: (row: W) => D | null, row: unknown): D {
  const outcome = read(wire, toDraft, row);
  if ('malformed' in outcome || outcome.draft === null) throw new Error(JSON.stringify(outcome));
  return outcome.draft;
}

export function malformedField<W, D>(
  wire: RowReader<W, D>['wire'],
  toDraft: (row: W) => D | null,
  row: unknown,
): string {
  const outcome = read(wire, toDraft, row);
  if (!('malformed' in outcome)) throw new Error('it was readable');
  return outcome.malformed.field;
}
