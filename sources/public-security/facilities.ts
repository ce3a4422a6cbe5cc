/** A line of 18C02 is one row with five equipment blocks inside; here it becomes a line and its pieces of equipment. */
import { z } from 'zod';
import type { FacilityRecord } from '../../schema/records.ts';
import type { Draft, DraftSet } from '../kit/adapter.ts';
import { readRow, type ReadRow } from '../kit/read-rows.ts';
import type { WireRow } from './envelope.ts';
import { toEquipment, toLine } from './map.ts';
import { EQUIPMENT_BLOCKS, EquipmentWire, LineWire, type EquipmentBlock } from './wire.ts';

type FacilityDraft = Draft<FacilityRecord>;

const RecordId = z.object({ jczbh: z.string(), jcxxh: z.string() });

/**
 * @returns drafts of the line and its equipment in the order of the blocks. A block that cannot be read is reported
 *   under its own field and leaves the rest of the line alone; without its line, nothing of a row can be placed.
 */
export function readLine(row: WireRow): DraftSet<FacilityDraft> {
  const line = readRow(row, { wire: LineWire, toDraft: toLine, recordIdOf });
  const parsed = LineWire.safeParse(row);
  const blocks = parsed.success ? EQUIPMENT_BLOCKS.map((block) => readBlock(row, parsed.data, block)) : [];
  const reads = [line, ...blocks];
  return {
    drafts: reads.flatMap((read) => ('draft' in read && read.draft !== null ? [read.draft] : [])),
    malformed: reads.flatMap((read) => ('malformed' in read ? [read.malformed] : [])),
  };
}

function readBlock(row: WireRow, line: LineWire, block: EquipmentBlock): ReadRow<FacilityDraft> {
  const own = Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => name.startsWith(block))
      .map(([name, value]) => [name.slice(block.length), value]),
  );
  const read = readRow(own, {
    wire: EquipmentWire,
    toDraft: (equipment) => toEquipment(line, block, equipment),
    recordIdOf: () => recordIdOf(row),
  });
  if (!('malformed' in read) || read.malformed.field.startsWith(block)) return read;
  return { malformed: { ...read.malformed, field: block + read.malformed.field } };
}

function recordIdOf(row: unknown): string | null {
  const parsed = RecordId.safeParse(row);
  return parsed.success ? `${parsed.data.jczbh}-${parsed.data.jcxxh}` : null;
}
