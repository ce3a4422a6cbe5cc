import { Binary, BSONRegExp, BSONSymbol, Code, type DBRef, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { writeNumberKey } from './number-key.ts';
import { entriesOf, isNumber, typeRank, type Fields, type Value } from './values.ts';

/** A byte buffer that grows. One instance serves all keys: nothing here waits, so no two keys are written at once. */
class ByteWriter {
  #bytes = Buffer.allocUnsafe(4096);
  #length = 0;

  readonly write = (byte: number): void => {
    this.#reserve(1);
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  };

  /** Text in UTF-8, zero bytes escaped, ended by two zeros: a prefix sorts first and no text is a prefix of another key. */
  writeText(text: string): void {
    const size = Buffer.byteLength(text);
    this.#reserve(size);
    this.#bytes.write(text, this.#length);
    const from = this.#length;
    this.#length += size;
    if (text.includes('\0')) {
      const raw = Buffer.from(this.#bytes.subarray(from, this.#length));
      this.#length = from;
      for (const byte of raw) {
        this.write(byte);
        if (byte === 0) this.write(0xff);
      }
    }
    this.write(0);
    this.write(0);
  }

  writeBytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

const writer = new ByteWriter();
const eightBytes = Buffer.alloc(8);

function writeDate(date: Date): void {
  eightBytes.writeBigInt64BE(BigInt(date.getTime()));
  eightBytes[0] = eightBytes.readUInt8(0) ^ 0x80;
  writer.writeBytes(eightBytes);
}

function writeBinary(binary: Binary): void {
  eightBytes.writeUInt32BE(binary.position);
  writer.writeBytes(eightBytes.subarray(0, 4));
  writer.write(binary.sub_type);
  writer.writeBytes(binary.buffer.subarray(0, binary.position));
}

function writeFields(fields: Fields | DBRef): void {
  for (const [name, value] of entriesOf(fields)) {
    // MongoDB compares the type of a field before its name.
    writer.write(typeRank(value));
    writer.writeText(name);
    writeValue(value);
  }
  writer.write(0);
}

function writeArray(values: readonly (Value | undefined)[]): void {
  for (const value of values) writeValue(value ?? null);
  writer.write(0);
}

function writeObject(value: Exclude<Value, string | number | boolean | null>): void {
  if (Array.isArray(value)) writeArray(value);
  else if (value instanceof Date) writeDate(value);
  else if (value instanceof ObjectId) writer.writeBytes(value.id);
  else if (value instanceof Timestamp) {
    eightBytes.writeBigUInt64BE(BigInt.asUintN(64, value.toBigInt()));
    writer.writeBytes(eightBytes);
  } else if (isNumber(value)) writeNumberKey(value, writer.write);
  else if (value instanceof Binary) writeBinary(value);
  else if (value instanceof BSONRegExp) {
    writer.writeText(value.pattern);
    writer.writeText(value.options);
  } else if (value instanceof BSONSymbol) writer.writeText(value.valueOf());
  else if (value instanceof Code) writer.writeText(value.code);
  else if (!(value instanceof MinKey) && !(value instanceof MaxKey)) writeFields(value);
}

function writeValue(value: Value | undefined): void {
  writer.write(typeRank(value));
  switch (typeof value) {
    case 'string':
      writer.writeText(value);
      break;
    case 'number':
      writeNumberKey(value, writer.write);
      break;
    case 'boolean':
      writer.write(value ? 1 : 0);
      break;
    case 'object':
      if (value !== null) writeObject(value);
      break;
    default:
  }
}

/**
 * Bytes whose order is MongoDB's order of values, over all types. Values that MongoDB calls equal give the same bytes, and
 * no value's bytes are the beginning of another's, so that keys can be joined.
 */
export function valueKey(value: Value | undefined): Buffer {
  writeValue(value);
  return writer.take();
}

/** The same bytes for the opposite order. */
export function inverted(bytes: Uint8Array): Buffer {
  const result = Buffer.from(bytes);
  for (let index = 0; index < result.length; index += 1) result[index] = (result[index] ?? 0) ^ 0xff;
  return result;
}

/** The smallest bytes that come after everything beginning with `prefix`. */
export function afterPrefix(prefix: Uint8Array): Buffer {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length -= 1;
  const result = Buffer.from(prefix.subarray(0, length));
  if (length === 0) return Buffer.from([...prefix, 0xff]);
  result[length - 1] = (result[length - 1] ?? 0) + 1;
  return result;
}
