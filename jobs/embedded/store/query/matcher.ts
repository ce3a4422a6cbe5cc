import { BSONRegExp } from 'bson';
import { entriesOf, isFields, toBoolean, type Fields, type Value } from '../bson/values.ts';
import { refuseValue } from '../mongo-error.ts';
import { visitPath } from './path.ts';
import { equalityTest, listOf, operatorTest, type ValueTest } from './value-tests.ts';

/** Whether a document fulfils a filter. */
export type Matcher = (document: Fields) => boolean;

const LOGICAL = ['$and', '$or', '$nor'];

/** A sub-document of operators such as `{ $gt: 1 }`, as against a sub-document to be equal to. */
export const isCondition = (value: Value): value is Fields =>
  isFields(value) && (Object.keys(value)[0]?.startsWith('$') ?? false) && !('$ref' in value) && !('$id' in value);

const all = <Input>(tests: readonly ((input: Input) => boolean)[]): ((input: Input) => boolean) => {
  const [only] = tests;
  return tests.length === 1 && only !== undefined ? only : (input) => tests.every((test) => test(input));
};

function elementTest(argument: Value): ValueTest {
  if (!isFields(argument)) return refuseValue('$elemMatch needs an Object');
  if (isCondition(argument) && !LOGICAL.includes(Object.keys(argument)[0] ?? '')) {
    const matches = all(pathTests([], argument));
    return (value) => Array.isArray(value) && value.some((element) => matches(element));
  }
  const matches = compileFilter(argument);
  // An array is a document whose names are its positions.
  const asDocument = (element: Value): Fields | null =>
    isFields(element) ? element : Array.isArray(element) ? Object.fromEntries(Object.entries(element)) : null;
  return (value) =>
    Array.isArray(value) &&
    value.some((element) => {
      const document = asDocument(element);
      return document !== null && matches(document);
    });
}

function allTest(path: readonly string[], argument: Value): ValueTest {
  const wanted = listOf('$all', argument);
  const tests = wanted.map((element): ValueTest => {
    const isElementMatch = isFields(element) && element['$elemMatch'] !== undefined;
    const test = isElementMatch ? elementTest(element['$elemMatch'] ?? null) : equalityTest(element);
    return (value) => visitPath(value, path, 0, test);
  });
  return (value) => tests.length > 0 && all(tests)(value);
}

function negatedTest(path: readonly string[], argument: Value): ValueTest {
  if (argument instanceof BSONRegExp) return pathTest(path, equalityTest(argument));
  if (isCondition(argument)) return all(pathTests(path, argument));
  return refuseValue('$not needs a regex or a document');
}

const pathTest =
  (path: readonly string[], test: ValueTest): ValueTest =>
  (value) =>
    visitPath(value, path, 0, test);

const not =
  (test: ValueTest): ValueTest =>
  (value) =>
    !test(value);

/** One test per operator of the condition, each on the value that holds the path. */
function pathTests(path: readonly string[], condition: Fields): ValueTest[] {
  return entriesOf(condition)
    .filter(([operator]) => operator !== '$options' || refuseLoneOptions(condition))
    .map(([operator, argument]): ValueTest => {
      switch (operator) {
        case '$ne':
          if (argument instanceof BSONRegExp) return refuseValue("Can't have regex as arg to $ne.");
          return not(pathTest(path, equalityTest(argument)));
        case '$nin':
          return not(pathTest(path, operatorTest('$in', argument, condition)));
        case '$not':
          return not(negatedTest(path, argument));
        case '$exists': {
          const exists = pathTest(path, (value) => value !== undefined);
          return toBoolean(argument) ? exists : not(exists);
        }
        case '$all':
          return allTest(path, argument);
        case '$elemMatch':
          return pathTest(path, elementTest(argument));
        default:
          return pathTest(path, operatorTest(operator, argument, condition));
      }
    });
}

function refuseLoneOptions(condition: Fields): false {
  return '$regex' in condition ? false : refuseValue('$options needs a $regex');
}

function logicalMatcher(operator: string, argument: Value): Matcher {
  const list = Array.isArray(argument) ? argument : [];
  if (list.length === 0) return refuseValue(`${operator} argument must be a non-empty array`);
  const matchers = list.map((filter) =>
    isFields(filter) ? compileFilter(filter) : refuseValue(`${operator} argument's entries must be objects`),
  );
  if (operator === '$and') return all(matchers);
  const any: Matcher = (document) => matchers.some((matches) => matches(document));
  return operator === '$or' ? any : (document) => !any(document);
}

/**
 * MongoDB's matching: dotted paths, arrays element by element, null as "null or missing", ranges within one type.
 * @throws MongoError 2 BadValue for an operator that the store does not know
 */
export function compileFilter(filter: Fields): Matcher {
  const matchers = entriesOf(filter)
    .filter(([name]) => name !== '$comment')
    .flatMap(([name, argument]): Matcher[] => {
      if (LOGICAL.includes(name)) return [logicalMatcher(name, argument)];
      if (name.startsWith('$')) return refuseValue(`unknown top level operator: ${name}`);
      const path = name.split('.');
      return isCondition(argument) ? pathTests(path, argument) : [pathTest(path, equalityTest(argument))];
    });
  return all(matchers);
}

/** A test of one value on its own, for `$pull`: a condition of operators, a filter of sub-documents, or equality. */
export function compileElementTest(condition: Value): ValueTest {
  if (condition instanceof BSONRegExp) return equalityTest(condition);
  if (!isFields(condition)) return operatorTest('$eq', condition, {});
  if (isCondition(condition) && !LOGICAL.includes(Object.keys(condition)[0] ?? ''))
    return all(pathTests([], condition));
  const matches = compileFilter(condition);
  return (value) => isFields(value) && matches(value);
}
