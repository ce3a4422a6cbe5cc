/** A line of 18C02 is one row with five equipment blocks inside; here it becomes a line and its pieces of equipment. */
import type { FacilityRecord } from '../../schema/records.ts';
import type { Draft, DraftSet } from '../kit/adapter.ts';
import { readRow, type ReadRow } from '../kit/read-rows.ts';
import type { WireRow } from './envelope.ts';
import { equipmentIdOf, lineIdOf, toEquipment, toLine } from './map.ts';
import { textAt } from './readers.ts';
import { EQUIPMENT_BLOCKS, EquipmentWire, FacilityWire, LineKeyWire, LineWire, type EquipmentBlock } from './wire.ts';

type FacilityDraft = Draft<FacilityRecord>;

/**
 * @returns drafts of the line and its equipment in the order of the blocks. What cannot be read, a block or the line's
 *   own name, is reported under its own field and leaves the rest alone; without the line's number, nothing of a row
 *   can be placed.
 */
export function readLine(row: WireRow): DraftSet<FacilityDraft> {
  const key = LineKeyWire.safeParse(row);
  const blocks = key.success ? EQUIPMENT_BLOCKS.map((block) => readBlock(row, key.data, block)) : [];
  const reads = [readLineItself(row), ...blocks];
  return {
    drafts: reads.flatMap((read) => ('draft' in read && read.draft !== null ? [read.draft] : [])),
    malformed: reads.flatMap((read) => ('malformed' in read ? [read.malformed] : [])),
  };
}

/** Reads a row of 18Q92, which is either a line or one of its blocks, as {@link readLine} reads that part of 18C02. */
export function readFacility(row: WireRow): ReadRow<FacilityDraft> {
  const facility = FacilityWire.safeParse(row);
  if (facility.success && facility.data.sbdm !== '') return readBlock(row, facility.data, facility.data.sbdm);
  return facility.success
    ? readLineItself(row)
    : readRow(row, { wire: FacilityWire, toDraft: () => null, recordIdOf: lineRecordIdOf });
}

function readLineItself(row: WireRow): ReadRow<FacilityDraft> {
  return readRow(row, { wire: LineWire, toDraft: toLine, recordIdOf: lineRecordIdOf });
}

function readBlock(row: WireRow, line: LineKeyWire, block: EquipmentBlock): ReadRow<FacilityDraft> {
  const own = Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => name.startsWith(block))
      .map(([name, value]) => [name.slice(block.length), value]),
  );
  const read = readRow(own, {
    wire: EquipmentWire,
    toDraft: (equipment) => toEquipment(line, block, equipment),
    recordIdOf: (equipment) => equipmentIdOf(line, block, textAt('bh')(equipment) ?? ''),
  });
  // A field of the line (gxrq) keeps its name.
  if (!('malformed' in read) || read.malformed.field in LineKeyWire.shape) return read;
  if (read.malformed.field.startsWith(block)) return read;
  return { malformed: { ...read.malformed, field: block + read.malformed.field } };
}

function lineRecordIdOf(row: unknown): string | null {
  const key = LineKeyWire.safeParse(row);
  return key.success ? lineIdOf(key.data) : null;
}
