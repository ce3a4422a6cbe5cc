/** The hub's requests as conditions on the department's tables. */
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import type { InspectionRequest, ReportRequest, SubjectReference } from '../../schema/ports.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import type { ColumnValues, Condition, Match } from '../kit/mesh-handlers/exchange-database/condition.ts';
import { conclusionsMeaning, NATURAL_PERSON } from './codes.ts';

/** "Nothing": blank or NULL. */
export const NOTHING = [''];

/** What the department's keys are written with. All of it is in GBK: its databases refuse to compare anything else. */
const WRITABLE = /^[\u0020-\u007e\u4e00-\u9fa5（）〔〕【】－—·]+$/u;

/** Whether the department could have written a text. */
export function isWritable(text: string): boolean {
  return WRITABLE.test(text);
}

/** A value asked for. Blank ones, and ones that the department cannot even write, are on no record. */
function exactly(text: string): string[] {
  const value = text.trim();
  return isWritable(value) ? [value] : [];
}

/** Positions 9-17 of the credit code are the organization code (GB 11714), printed with and without its hyphen. */
function organizationCodes(creditCode: CreditCode): string[] {
  const code = creditCode.slice(8, 17);
  return [code, `${code.slice(0, 8)}-${code.slice(8)}`];
}

/** Rows that carry the local number, where the hub has been told one. */
function byLocalNumber({ localIds }: SubjectReference): Match[] {
  const numbers = localIds.flatMap(exactly);
  return numbers.length === 0 ? [] : [{ JCJGBH: numbers }];
}

/** A station by its credit code, or where the row lacks that, by the organization code inside it. */
export function stationOf(subject: SubjectReference): Condition {
  return { any: [...stationMatches(subject.creditCode), ...byLocalNumber(subject)] };
}

function stationMatches(creditCode: CreditCode): ColumnValues[] {
  return [{ TYSHXYDM: [creditCode] }, { TYSHXYDM: NOTHING, ZZJGDM: organizationCodes(creditCode) }];
}

/** Tests by the credit code, or where the row lacks that, by the number of the station that has it. */
function testsOf(subject: SubjectReference): Match[] {
  return [
    { TYSHXYDM: [subject.creditCode] },
    { TYSHXYDM: NOTHING, QZ_JCJG: stationMatches(subject.creditCode) },
    ...byLocalNumber(subject),
  ];
}

export function inspectionsOf(request: InspectionRequest): Condition {
  const { from, to, vin, result, limit } = request;
  return {
    any: testsOf(request),
    every: {
      ...(vin !== null && { VINHM: exactly(vin.toUpperCase()) }),
      ...(result && { JCJL: conclusionsMeaning(result) }),
    },
    within: [{ column: 'JCRQ', from: from && wallTime(from), to: to && wallTime(to) }],
    limit,
  };
}

/** Reports are dated by the day of their test. */
export function reportsOf(request: ReportRequest): Condition {
  const { from, to, number, limit } = request;
  return {
    any: testsOf(request),
    every: number === null ? {} : { BGBH: exactly(number) },
    except: { BGBH: NOTHING },
    within: [{ column: 'JCRQ', from: from && `${from} 00:00:00`, to: to && `${to} 23:59:59.999` }],
    limit,
  };
}

export function reportNumbered(number: string): Condition {
  return { every: { BGBH: exactly(number) } };
}

/** Penalties of the organisation itself; those of its people, filed under its code, never leave the database. */
export function penaltiesOf(subject: SubjectReference): Condition {
  const { creditCode } = subject;
  return {
    any: [
      { CF_XDR_SHXYM: [creditCode] },
      { CF_XDR_SHXYM: NOTHING, CF_XDR_ZZJG: organizationCodes(creditCode) },
      ...byLocalNumber(subject).map((match) => ({ CF_XDR_SHXYM: NOTHING, ...match })),
    ],
    except: { CF_XDR_LB: NATURAL_PERSON },
  };
}

/** The wall clock of China, to the millisecond. */
export function wallTime(instant: Date): string {
  return formatInstant(instant).replace('T', ' ').replace('+08:00', '');
}
