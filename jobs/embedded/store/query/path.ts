import { fieldOf, isFields, type Fields, type Value } from '../bson/values.ts';

const ARRAY_POSITION = /^\d+$/;

function visitArray(
  values: readonly Value[],
  path: readonly string[],
  depth: number,
  visit: (value: Value | undefined) => boolean,
): boolean {
  const name = path[depth] ?? '';
  if (ARRAY_POSITION.test(name) && Number(name) < values.length) {
    if (visitPath(values[Number(name)], path, depth + 1, visit)) return true;
  }
  return values.some((value) => isFields(value) && visitPath(value, path, depth, visit));
}

/**
 * Calls `visit` with every value that a dotted path reaches, arrays on the way opened, until it answers true. A missing
 * field is visited as undefined; an array without sub-documents is passed over, so that `{ 'a.b': null }` does not match
 * `{ a: [1] }`, as in MongoDB.
 */
export function visitPath(
  value: Value | undefined,
  path: readonly string[],
  depth: number,
  visit: (value: Value | undefined) => boolean,
): boolean {
  if (depth === path.length) return visit(value);
  if (Array.isArray(value)) return visitArray(value, path, depth, visit);
  if (!isFields(value)) return visit(undefined);
  return visitPath(fieldOf(value, path[depth] ?? ''), path, depth + 1, visit);
}

/** Every value at the path, with the elements of arrays there one by one; null for a missing one. For sorting. */
export function sortableValues(document: Fields, path: readonly string[]): (Value | undefined)[] {
  const found: (Value | undefined)[] = [];
  visitPath(document, path, 0, (value) => {
    if (Array.isArray(value)) found.push(...(value.length === 0 ? [undefined] : value));
    else found.push(value ?? null);
    return false;
  });
  return found.length === 0 ? [null] : found;
}
