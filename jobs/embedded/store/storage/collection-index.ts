/** One index of a collection: which entries a document has in it. */
import { fieldOf, isFields, type Fields, type Value } from '../bson/values.ts';
import { MongoError } from '../mongo-error.ts';
import type { Matcher } from '../query/matcher.ts';
import { compileFilter } from '../query/matcher.ts';
import { fieldKey, isCut, ownerKey } from './keys.ts';

export interface IndexDescription {
  readonly name: string;
  /** Paths with 1 or -1, in order. */
  readonly key: readonly (readonly [string, 1 | -1])[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partialFilter: Fields | null;
  readonly expireAfterSeconds: number | null;
}

/** What has been seen in the index's documents, kept with it: it bounds what the index can be used for. */
export interface IndexTraits {
  /** Paths at which some document has an array. */
  multikey: string[];
  /** Some value was cut. */
  cut: boolean;
}

/** The values that an index sees at a path; the elements of an array one by one. */
function indexedValues(value: Value | undefined, path: readonly string[], depth = 0): (Value | undefined)[] {
  if (depth === path.length) return Array.isArray(value) ? (value.length > 0 ? value : [undefined]) : [value];
  if (Array.isArray(value)) {
    const found = value.filter(isFields).flatMap((element) => indexedValues(element, path, depth));
    return found.length > 0 ? found : [undefined];
  }
  return isFields(value) ? indexedValues(fieldOf(value, path[depth] ?? ''), path, depth + 1) : [undefined];
}

export class CollectionIndex {
  readonly paths: readonly (readonly string[])[];
  readonly #covers: Matcher | null;

  constructor(
    readonly id: number,
    readonly description: IndexDescription,
    readonly traits: IndexTraits,
  ) {
    this.paths = description.key.map(([name]) => name.split('.'));
    this.#covers = description.partialFilter === null ? null : compileFilter(description.partialFilter);
  }

  get fields(): readonly string[] {
    return this.description.key.map(([name]) => name);
  }

  directionAt(position: number): 1 | -1 {
    return this.description.key[position]?.[1] ?? 1;
  }

  /**
   * The document's entries, without the record.
   * @param onTrait called when the document is the first of its kind here
   * @throws MongoError 171 when two paths of the index are arrays
   */
  entriesOf(document: Fields, onTrait: () => void): readonly Buffer[] {
    if (this.#covers !== null && !this.#covers(document)) return [];
    const columns = this.paths.map((path) => indexedValues(document, path));
    if (this.description.sparse && columns.every((values) => values.every((value) => value === undefined))) return [];
    const several = columns.flatMap((values, index) => (values.length > 1 ? [this.fields[index] ?? ''] : []));
    if (several.length > 1)
      throw new MongoError(171, `cannot index parallel arrays ${several.map((name) => `[${name}]`).join(' ')}`);
    let entries: Buffer[] = [ownerKey(this.id)];
    for (const [position, values] of columns.entries()) {
      const keys = new Map<string, Buffer>();
      for (const value of values) {
        const key = fieldKey(value, this.directionAt(position));
        if (isCut(key) && !this.traits.cut) {
          this.traits.cut = true;
          onTrait();
        }
        keys.set(key.toString('latin1'), key);
      }
      entries = entries.flatMap((entry) => [...keys.values()].map((key) => Buffer.concat([entry, key])));
    }
    for (const name of several) {
      if (this.traits.multikey.includes(name)) continue;
      this.traits.multikey.push(name);
      onTrait();
    }
    return entries;
  }
}
