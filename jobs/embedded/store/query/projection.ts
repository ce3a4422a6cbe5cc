import { entriesOf, fieldOf, isFields, isNumber, setField, toNumber, type Fields, type Value } from '../bson/values.ts';
import { MongoError, refuseOption } from '../mongo-error.ts';

export type Projection = (document: Fields) => Fields;

/** The projected paths as a tree; `true` is the end of a path. */
type Tree = Map<string, true | Tree>;

interface Slice {
  readonly path: readonly string[];
  readonly skip: number;
  /** null with a negative skip: everything from there on. */
  readonly limit: number | null;
}

function growTree(tree: Tree, name: string): void {
  const path = name.split('.');
  let branch = tree;
  for (const part of path.slice(0, -1)) {
    const next = branch.get(part);
    if (next === true) throw new MongoError(31249, `Path collision at ${name}`);
    const child: Tree = next ?? new Map<string, true | Tree>();
    branch.set(part, child);
    branch = child;
  }
  const leaf = path.at(-1) ?? '';
  if (branch.has(leaf)) throw new MongoError(31249, `Path collision at ${name}`);
  branch.set(leaf, true);
}

function includeValue(value: Value, branch: true | Tree): Value | undefined {
  if (branch === true) return value;
  if (Array.isArray(value)) {
    return value.map((element) => includeValue(element, branch)).filter((element) => element !== undefined);
  }
  return isFields(value) ? includeFields(value, branch) : undefined;
}

function includeFields(fields: Fields, tree: Tree): Fields {
  const kept: Fields = {};
  for (const [name, value] of entriesOf(fields)) {
    const branch = tree.get(name);
    const included = branch === undefined ? undefined : includeValue(value, branch);
    if (included !== undefined) setField(kept, name, included);
  }
  return kept;
}

function excludeValue(value: Value, tree: Tree): Value {
  if (Array.isArray(value)) return value.map((element) => excludeValue(element, tree));
  return isFields(value) ? excludeFields(value, tree) : value;
}

function excludeFields(fields: Fields, tree: Tree): Fields {
  const kept: Fields = {};
  for (const [name, value] of entriesOf(fields)) {
    const branch = tree.get(name);
    if (branch === true) continue;
    setField(kept, name, branch === undefined ? value : excludeValue(value, branch));
  }
  return kept;
}

function parseSlice(name: string, argument: Value): Slice {
  const numbers = (Array.isArray(argument) ? argument : [argument]).map((part) =>
    isNumber(part) ? Math.trunc(toNumber(part)) : Number.NaN,
  );
  const [first = Number.NaN, second] = numbers;
  const path = name.split('.');
  if (Number.isNaN(first) || numbers.length > 2 || (second !== undefined && !(second > 0))) {
    throw new MongoError(28667, `Invalid $slice syntax for ${name}`);
  }
  if (second !== undefined) return { path, skip: first, limit: second };
  return first < 0 ? { path, skip: first, limit: null } : { path, skip: 0, limit: first };
}

function sliceArray(values: readonly Value[], { skip, limit }: Slice): Value[] {
  const from = skip < 0 ? Math.max(0, values.length + skip) : skip;
  return values.slice(from, limit === null ? undefined : from + limit);
}

function sliceAt(value: Value, slice: Slice, depth: number): Value {
  if (depth === slice.path.length) return Array.isArray(value) ? sliceArray(value, slice) : value;
  if (Array.isArray(value)) return value.map((element) => sliceAt(element, slice, depth));
  if (!isFields(value)) return value;
  const name = slice.path[depth] ?? '';
  const inner = fieldOf(value, name);
  if (inner === undefined) return value;
  const copy: Fields = { ...value };
  setField(copy, name, sliceAt(inner, slice, depth + 1));
  return copy;
}

function refuseMixture(name: string, isInclusion: boolean): never {
  const [own, other] = isInclusion ? ['exclusion', 'inclusion'] : ['inclusion', 'exclusion'];
  throw new MongoError(31254, `Cannot do ${own} on field ${name} in ${other} projection`);
}

/**
 * Inclusion or exclusion of fields, also of fields inside of arrays, and `$slice`.
 * @returns null for "the whole document"
 * @throws MongoError for a mixture, or for a computed field
 */
export function compileProjection(projection: Fields): Projection | null {
  const tree: Tree = new Map();
  const slices: Slice[] = [];
  let isInclusion: boolean | null = null;
  let keepsId: boolean | null = null;
  for (const [name, wanted] of entriesOf(projection)) {
    if (isFields(wanted) && Object.keys(wanted).length === 1 && wanted['$slice'] !== undefined) {
      slices.push(parseSlice(name, wanted['$slice']));
      continue;
    }
    if (!(typeof wanted === 'boolean' || isNumber(wanted))) return refuseOption(`the projection of ${name}`);
    if (name.includes('$')) return refuseOption(`the positional projection ${name}`);
    const isWanted = typeof wanted === 'boolean' ? wanted : toNumber(wanted) !== 0;
    if (name === '_id') {
      keepsId = isWanted;
      continue;
    }
    if (isInclusion !== null && isInclusion !== isWanted) refuseMixture(name, isInclusion);
    isInclusion = isWanted;
    growTree(tree, name);
  }
  if (isInclusion === null && keepsId === null && slices.length === 0) return null;
  isInclusion ??= keepsId === true;
  if (isInclusion) {
    for (const slice of slices) growTree(tree, slice.path.join('.'));
  }
  if (isInclusion ? keepsId !== false : keepsId === false) tree.set('_id', true);
  const cut = (document: Fields): Fields =>
    slices.reduce<Fields>((sliced, slice) => {
      const result = sliceAt(sliced, slice, 0);
      return isFields(result) ? result : sliced;
    }, document);
  return isInclusion
    ? (document) => includeFields(cut(document), tree)
    : (document) => excludeFields(cut(document), tree);
}
