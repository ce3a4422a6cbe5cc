/** Files that a command leaves in a folder, for the eyes of whoever ran it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';

type Cell = string | number | null;

/** Names come from registers: a spreadsheet must not take one for a formula. */
export const toCsv = (rows: readonly (readonly Cell[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { bom: true, escape_formulas: true },
  );

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
