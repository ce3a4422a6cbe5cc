/** The parts of an XLSX file, looked up by name. Nothing is ever written to a path that the file names. */
import type { Readable } from 'node:stream';
import { fromFdPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { damaged, fileProblem } from '../file-problem.ts';
import type { TableFile } from '../table.ts';

export class ZipParts {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #file: TableFile;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, file: TableFile) {
    this.#zip = zip;
    this.#entries = entries;
    this.#file = file;
  }

  /** The handle stays open. @throws HubError INPUT_INVALID for a file that is cut off or no ZIP file */
  static async open(file: TableFile): Promise<ZipParts> {
    try {
      const zip = await fromFdPromise(file.handle.fd, { lazyEntries: true, autoClose: false });
      if (zip.entryCount > file.limits.zipEntries)
        throw fileProblem('FILE_TOO_LARGE', `The file has more than ${file.limits.zipEntries} parts.`);
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) {
        if (entries.has(entry.fileName)) throw fileProblem('FILE_DAMAGED', 'The file has a part twice.');
        entries.set(entry.fileName, entry);
      }
      return new ZipParts(zip, entries, file);
    } catch (error) {
      throw damaged(error);
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Unpacked size of a part as the file declares it; a part that turns out larger is an error while it is read. */
  sizeOf(name: string): number {
    return this.#entries.get(name)?.uncompressedSize ?? 0;
  }

  /** @throws HubError INPUT_INVALID when the part is missing, or larger than is believable or allowed */
  async open(name: string, maximumBytes: number): Promise<Readable> {
    const { limits } = this.#file;
    const entry = this.#entries.get(name);
    if (entry === undefined) throw fileProblem('FORMAT_UNKNOWN', 'The file is no XLSX workbook: a part is missing.');
    const { uncompressedSize, compressedSize } = entry;
    const isBomb = uncompressedSize > limits.unjudgedBytes && uncompressedSize > compressedSize * limits.unpackedRatio;
    if (isBomb || uncompressedSize > maximumBytes)
      throw fileProblem('FILE_TOO_LARGE', 'A part of the file is too large when it is unpacked; save the file as CSV.');
    try {
      return await this.#zip.openReadStreamPromise(entry);
    } catch (error) {
      throw damaged(error);
    }
  }
}
