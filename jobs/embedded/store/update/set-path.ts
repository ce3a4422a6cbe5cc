/** Writing at a dotted path. Sub-documents on the way are made; an array is reached by position. */
import { fieldOf, isFields, setField, type Fields, type Value } from '../bson/values.ts';
import { MongoError } from '../mongo-error.ts';

const POSITION = /^\d+$/;
const MOST_PADDING = 1_500_000;

type Place = { readonly holder: Fields | Value[]; readonly name: string };

const inHolder = (holder: Fields | Value[], name: string): Value | undefined =>
  Array.isArray(holder) ? (POSITION.test(name) ? holder[Number(name)] : undefined) : fieldOf(holder, name);

function put({ holder, name }: Place, value: Value): void {
  if (!Array.isArray(holder)) {
    setField(holder, name, value);
    return;
  }
  const position = Number(name);
  if (position > holder.length + MOST_PADDING) throw new MongoError(2, `position ${name} is too far beyond the array`);
  while (holder.length < position) holder.push(null);
  holder[position] = value;
}

/** @returns null when the way does not exist and must not be made */
function placeOf(document: Fields, path: string, makesWay: boolean): Place | null {
  const names = path.split('.');
  if (names.some((name) => name === '')) {
    throw new MongoError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  }
  if (names.some((name) => name.startsWith('$'))) {
    throw new MongoError(72, `the positional update path '${path}' is not supported by the embedded store`);
  }
  let holder: Fields | Value[] = document;
  for (const [index, name] of names.slice(0, -1).entries()) {
    let next: Value | undefined = inHolder(holder, name);
    if (next === undefined && makesWay) {
      next = {};
      put({ holder, name }, next);
    }
    if (!Array.isArray(next) && !isFields(next)) {
      if (!makesWay) return null;
      throw new MongoError(28, `Cannot create field '${names[index + 1] ?? ''}' in element {${name}}`);
    }
    holder = next;
  }
  const name = names.at(-1) ?? '';
  if (Array.isArray(holder) && !POSITION.test(name)) {
    if (!makesWay) return null;
    throw new MongoError(28, `Cannot create field '${name}' in an array`);
  }
  return { holder, name };
}

export function valueAtPath(document: Fields, path: string): Value | undefined {
  const place = placeOf(document, path, false);
  return place === null ? undefined : inHolder(place.holder, place.name);
}

export function setAtPath(document: Fields, path: string, value: Value): void {
  const place = placeOf(document, path, true);
  if (place !== null) put(place, value);
}

export function unsetAtPath(document: Fields, path: string): void {
  const place = placeOf(document, path, false);
  if (place === null) return;
  if (!Array.isArray(place.holder)) Reflect.deleteProperty(place.holder, place.name);
  else if (Number(place.name) < place.holder.length) place.holder[Number(place.name)] = null;
}
