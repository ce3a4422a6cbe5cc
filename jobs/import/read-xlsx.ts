/** Reads the first sheet of an XLSX file as a stream; of the rest only the table of texts is held in memory. */
import type { OpenTable, TableChunk, TableFile } from './table.ts';
import { readSharedStrings } from './xlsx/shared-strings.ts';
import { SheetRows } from './xlsx/sheet-rows.ts';
import { findParts } from './xlsx/workbook.ts';
import { parseXml } from './xlsx/xml-parts.ts';
import { ZipParts } from './xlsx/zip-parts.ts';

/** @throws HubError INPUT_INVALID with a file problem */
export async function openXlsx(file: TableFile): Promise<OpenTable> {
  const { limits } = file;
  const parts = await ZipParts.open(file);
  const { sheet, sharedStrings } = await findParts(parts, limits);

  async function* chunks(): AsyncGenerator<TableChunk> {
    const texts =
      sharedStrings === null || !parts.has(sharedStrings)
        ? []
        : await readSharedStrings(await parts.open(sharedStrings, limits.sharedStringsBytes), limits);
    const rows = new SheetRows(texts, limits);
    let bytes = 0;
    for await (const length of parseXml(await parts.open(sheet, limits.sheetBytes), rows, limits)) {
      bytes += length;
      yield { rows: rows.take(), bytes };
    }
    yield { rows: rows.take(), bytes };
  }

  return { totalBytes: parts.sizeOf(sheet), chunks };
}
