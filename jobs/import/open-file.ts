/** Opens a file of rows, whatever its kind. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { HubError } from '../../schema/errors.ts';
import { fileProblem } from './file-problem.ts';
import type { InspectedFile } from './inspect-file.ts';
import { openCsv } from './read-csv.ts';
import { openXlsx } from './read-xlsx.ts';
import type { OpenTable, TableFile } from './table.ts';

/** @throws HubError INPUT_INVALID FILE_NOT_FOUND */
export async function openFile(path: string): Promise<FileHandle> {
  try {
    const handle = await open(path, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    throw new HubError('INPUT_INVALID', 'There is no such file, or it cannot be opened.', {
      cause: error,
      details: { reason: 'FILE_NOT_FOUND' },
    });
  }
  throw fileProblem('FILE_NOT_FOUND', 'That is not a file.');
}

/** The file's table, by what inspecting it has found. */
export async function openTable(file: TableFile, inspected: InspectedFile): Promise<OpenTable> {
  return inspected.format === 'XLSX' ? openXlsx(file) : openCsv(file, inspected.charset);
}

/** @throws HubError INPUT_INVALID FILE_CHANGED when somebody wrote to the file since `before` */
export async function refuseChange(
  handle: FileHandle,
  before: { readonly mtimeMs: number; readonly size: number },
): Promise<void> {
  const { mtimeMs, size } = await handle.stat();
  if (mtimeMs !== before.mtimeMs || size !== before.size)
    throw fileProblem('FILE_CHANGED', 'The file was changed while it was read; begin again.');
}
