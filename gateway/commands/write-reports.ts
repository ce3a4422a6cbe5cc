/** Files that a command leaves in a folder, for the eyes of whoever ran it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BYTE_ORDER_MARK, csvText, type CsvCell } from '../../schema/csv.ts';

export const toCsv = (rows: readonly (readonly CsvCell[])[]): string => BYTE_ORDER_MARK + csvText(rows);

/** @param contents by the name of the file */
export async function writeReports(
  folder: string,
  contents: Readonly<Record<string, string>>,
  print: (line: string) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(contents)) {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    print(path);
  }
}
