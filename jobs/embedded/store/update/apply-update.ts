/** MongoDB's update operators on one document. */
import { Timestamp } from 'bson';
import { compareValues, isEqual } from '../bson/compare.ts';
import {
  cloneFields,
  cloneValue,
  entriesOf,
  isFields,
  isNumber,
  toNumber,
  type Fields,
  type Value,
} from '../bson/values.ts';
import { MongoError, refuseOption } from '../mongo-error.ts';
import { compileElementTest, isCondition } from '../query/matcher.ts';
import { sum } from './number-arithmetic.ts';
import { setAtPath, unsetAtPath, valueAtPath } from './set-path.ts';

type Operator = (document: Fields, path: string, argument: Value, isInsert: boolean) => void;

function arrayAt(document: Fields, path: string, operator: string): Value[] {
  const value = valueAtPath(document, path);
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    throw new MongoError(2, `Cannot apply ${operator} to the field '${path}', which is not an array`);
  }
  return value;
}

interface Addition {
  readonly values: readonly Value[];
  readonly slice: number | null;
  readonly position: number | null;
}

function additionOf(argument: Value, operator: string, modifiers: readonly string[]): Addition {
  if (!isFields(argument) || !('$each' in argument)) return { values: [argument], slice: null, position: null };
  for (const [name] of entriesOf(argument)) {
    if (!modifiers.includes(name)) refuseOption(`${name} of ${operator}`);
  }
  const values = argument['$each'];
  if (!Array.isArray(values)) throw new MongoError(2, `The argument to $each in ${operator} must be an array`);
  const numberOf = (name: string): number | null => {
    const value = argument[name];
    return isNumber(value) ? Math.trunc(toNumber(value)) : null;
  };
  return { values, slice: numberOf('$slice'), position: numberOf('$position') };
}

function bounded(values: Value[], slice: number | null): Value[] {
  if (slice === null) return values;
  return slice >= 0 ? values.slice(0, slice) : values.slice(slice);
}

const keepWhen =
  (holds: (comparison: number) => boolean): Operator =>
  (document, path, argument) => {
    const value = valueAtPath(document, path);
    if (value === undefined || holds(compareValues(argument, value))) setAtPath(document, path, argument);
  };

const OPERATORS: Readonly<Record<string, Operator>> = {
  $set: (document, path, argument) => setAtPath(document, path, cloneValue(argument)),
  $setOnInsert(document, path, argument, isInsert) {
    if (isInsert) setAtPath(document, path, cloneValue(argument));
  },
  $unset: (document, path) => unsetAtPath(document, path),
  $inc(document, path, argument) {
    if (!isNumber(argument)) throw new MongoError(14, `Cannot increment with non-numeric argument: {${path}}`);
    const value = valueAtPath(document, path);
    if (value === undefined) setAtPath(document, path, argument);
    else if (isNumber(value)) setAtPath(document, path, sum(value, argument));
    else throw new MongoError(14, `Cannot apply $inc to a value of non-numeric type at '${path}'`);
  },
  $min: keepWhen((comparison) => comparison < 0),
  $max: keepWhen((comparison) => comparison > 0),
  $push(document, path, argument) {
    const values = arrayAt(document, path, '$push');
    const { values: added, slice, position } = additionOf(argument, '$push', ['$each', '$slice', '$position']);
    const at = position === null ? values.length : position < 0 ? Math.max(0, values.length + position) : position;
    setAtPath(document, path, bounded([...values.slice(0, at), ...added.map(cloneValue), ...values.slice(at)], slice));
  },
  $addToSet(document, path, argument) {
    const values = [...arrayAt(document, path, '$addToSet')];
    for (const added of additionOf(argument, '$addToSet', ['$each']).values) {
      if (!values.some((value) => isEqual(value, added))) values.push(cloneValue(added));
    }
    setAtPath(document, path, values);
  },
  $pull(document, path, argument) {
    const values = valueAtPath(document, path);
    if (values === undefined) return;
    const test = compileElementTest(argument);
    setAtPath(
      document,
      path,
      arrayAt(document, path, '$pull').filter((value) => !test(value)),
    );
  },
  $currentDate(document, path, argument) {
    const isTimestamp = isFields(argument) && argument['$type'] === 'timestamp';
    const now = new Date();
    setAtPath(document, path, isTimestamp ? new Timestamp({ t: Math.floor(now.getTime() / 1_000), i: 1 }) : now);
  },
};

/** Two operators on one path, or on a path and a part of it, leave open which comes first. */
function refuseConflicts(paths: readonly string[]): void {
  const sorted = [...paths].sort();
  for (const [index, path] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next === path || next?.startsWith(`${path}.`) === true) {
      throw new MongoError(40, `Updating the path '${next}' would create a conflict at '${path}'`);
    }
  }
}

/** Whether the update replaces the document instead of changing it. */
export const isReplacement = (update: Fields): boolean => Object.keys(update)[0]?.startsWith('$') !== true;

/**
 * @returns a new document; the old one is left as it is
 * @throws MongoError 9 for an operator that the store does not know
 */
export function applyUpdate(document: Fields, update: Fields, isInsert: boolean): Fields {
  const result = cloneFields(document);
  const steps = entriesOf(update).flatMap(([name, argument]) => {
    const operator = OPERATORS[name];
    if (operator === undefined) throw new MongoError(9, `Unknown modifier: ${name}.`);
    if (!isFields(argument))
      throw new MongoError(9, `Modifiers operate on fields but ${name} was given something else`);
    return entriesOf(argument).map(([path, own]) => ({ operator, path, own }));
  });
  refuseConflicts(steps.map(({ path }) => path));
  for (const { operator, path, own } of steps) operator(result, path, own, isInsert);
  return result;
}

/** What an upsert begins with: the equalities of its filter. */
export function documentFromFilter(filter: Fields): Fields {
  const document: Fields = {};
  const take = (conditions: Fields): void => {
    for (const [path, argument] of entriesOf(conditions)) {
      if (path === '$and' && Array.isArray(argument)) argument.filter(isFields).forEach(take);
      if (path.startsWith('$')) continue;
      if (!isCondition(argument)) setAtPath(document, path, cloneValue(argument));
      else if (argument['$eq'] !== undefined) setAtPath(document, path, cloneValue(argument['$eq']));
    }
  };
  take(filter);
  return document;
}
