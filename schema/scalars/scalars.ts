/** The contract's scalars. Wrong input is INPUT_INVALID before any department is asked. */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { parseCreditCode, type CreditCode } from '../codes/credit-code.ts';
import { HubError } from '../errors.ts';
import { parseRegionPrefix } from '../region/region.ts';
import { parseCalendarDate, type CalendarDate } from '../time/calendar-date.ts';
import { formatInstant, parseInstant } from '../time/instant.ts';

interface TextScalar<T> {
  readonly name: string;
  readonly description: string;
  /** Throws HubError INPUT_INVALID. */
  readonly parse: (text: string) => T;
  readonly print: (value: unknown) => string;
}

function printText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new HubError('INTERNAL', 'A value of the wrong kind was about to leave the hub.');
}

function textScalar<T>({ name, description, parse, print }: TextScalar<T>): GraphQLScalarType<T, string> {
  const read = (value: unknown): T => {
    try {
      if (typeof value === 'string') return parse(value);
    } catch (cause) {
      if (!(cause instanceof HubError)) throw cause;
      throw new GraphQLError(cause.message, {
        originalError: cause,
        extensions: { code: cause.code, ...cause.details },
      });
    }
    throw new GraphQLError(`${name} must be a string.`, { extensions: { code: 'INPUT_INVALID' } });
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize: print,
    parseValue: read,
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
  });
}

export const CreditCodeScalar = textScalar<CreditCode>({
  name: 'CreditCode',
  description:
    'Unified social credit code, 18 characters, GB 32100-2015, normalised (NFKC, no blanks, upper case), check digits verified. 统一社会信用代码',
  parse: parseCreditCode,
  print: printText,
});

/** Parsed to the significant digits: "520100" and "5201" are both "5201". */
export const RegionCodeScalar = textScalar<string>({
  name: 'RegionCode',
  description: 'GB/T 2260 six digits; a prefix such as 5201 is accepted in filters. 行政区划代码',
  parse: parseRegionPrefix,
  print: printText,
});

export const DateScalar = textScalar<CalendarDate>({
  name: 'Date',
  description: 'Calendar date, yyyy-MM-dd, Asia/Shanghai. 日期(北京时间)',
  parse: parseCalendarDate,
  print: printText,
});

export const DateTimeScalar = textScalar<Date>({
  name: 'DateTime',
  description: 'ISO 8601 instant with offset; answers use +08:00. 时间(带时区)',
  parse: parseInstant,
  print: (value) => {
    if (value instanceof Date) return formatInstant(value);
    throw new HubError('INTERNAL', 'A value of the wrong kind was about to leave the hub.');
  },
});

const DEPARTMENT_ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export const DepartmentIdScalar = textScalar<string>({
  name: 'DepartmentId',
  description: 'Name of a folder under sources/, e.g. market-regulation. Departments are data, not an enum. 部门标识',
  parse: (text) => {
    if (DEPARTMENT_ID.test(text)) return text;
    throw new HubError(
      'INPUT_INVALID',
      'A department id is lower-case words joined by hyphens, e.g. market-regulation.',
    );
  },
  print: printText,
});

export const CursorScalar = textScalar<string>({
  name: 'Cursor',
  description: 'Opaque; survives restarts, reconnects and a wiped queue. 游标',
  parse: (text) => text,
  print: printText,
});
