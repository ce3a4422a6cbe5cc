/**
 * Penalties and list entries as they are sent (wire-formats D.1 and D.4). Each comes in two sets of columns in one
 * reply and no column names the set, so the columns that are filled decide.
 */
import { z } from 'zod';
import { OptionalText, Text } from './wire.ts';

const ONLY_2021 = [
  ...['CF_XDR_LB', 'CF_WFXW', 'CF_CFLB', 'CF_NR', 'CF_NR_FK', 'CF_NR_WFFF'],
  ...['CF_YXQ', 'CF_CFJG', 'CF_CFJGDM', 'XGSJ'],
] as const;
const ONLY_2015 = [
  ...['CF_CFMC', 'CF_AJMC', 'CF_CFLB1', 'CF_CFLB2', 'CF_JG', 'CF_XZJG'],
  ...['CF_XDR_GSDJ', 'CF_XDR_ZDM', 'CF_ZT', 'DFBM', 'SJC'],
] as const;
const ONLY_ABNORMAL = ['BUSEXCLIST', 'SPECAUSE', 'SPECAUSE_CN', 'ISMOVE'] as const;
const ONLY_SERIOUS = ['ILLID', 'SERILLREA', 'SERILLREA_CN', 'DEDOCNUM'] as const;

const Row = z.record(z.string(), z.unknown());
type Row = z.infer<typeof Row>;

/** Cells that the typed schema adds for columns the service did not send are null. */
function hasAny(row: Row, columns: readonly string[]): boolean {
  return columns.some((column) => row[column] !== null && row[column] !== undefined);
}

/** Which of two sets a row's columns belong to, written into the row as `layout`. */
function withLayout<A extends string, B extends string>(
  [nameA, columnsA]: readonly [A, readonly string[]],
  [nameB, columnsB]: readonly [B, readonly string[]],
) {
  return Row.transform((row, context) => {
    const isA = hasAny(row, columnsA);
    if (isA !== hasAny(row, columnsB)) return { ...row, layout: isA ? nameA : nameB };
    context.addIssue(isA ? 'has columns of two layouts' : 'has the columns of no known layout');
    return z.NEVER;
  });
}

/** 自然人 in both spellings of CF_XDR_LB. */
const NATURAL_PERSON: ReadonlySet<string | null> = new Set(['自然人', '01']);

function cell(row: Row, column: string): string | null {
  return OptionalText.safeParse(row[column]).data ?? null;
}

/**
 * Rows about natural persons are recognised before anything else of them is read: by CF_XDR_LB, or in the 2015 layout,
 * which has no such column, by the absence of every number that an organisation could have.
 */
function isAboutNaturalPerson(row: Row & { readonly layout: string }): boolean {
  if (row.layout === '2021') return NATURAL_PERSON.has(cell(row, 'CF_XDR_LB'));
  return ['CF_XDR_SHXYM', 'CF_XDR_ZDM', 'CF_XDR_GSDJ'].every((column) => cell(row, column) === null);
}

const NaturalPersonRow = z.object({ layout: z.literal('natural person') });

const SharedColumns = z.object({
  ID: Text,
  CF_XDR_SHXYM: Text,
  CF_WSH: Text,
  CF_YJ: OptionalText,
  CF_JDRQ: Text,
  CF_GSRQ: OptionalText,
  CF_GSJZQ: OptionalText,
});

/** The layout of 2021. Amounts are in 万元. */
export const Penalty2021Wire = SharedColumns.extend({
  layout: z.literal('2021'),
  CF_XDR_LB: Text,
  CF_WFXW: Text,
  CF_SY: OptionalText,
  CF_CFLB: Text,
  CF_NR_FK: OptionalText,
  CF_NR_WFFF: OptionalText,
  CF_CFJG: Text,
  XGSJ: OptionalText,
});
export type Penalty2021Wire = z.infer<typeof Penalty2021Wire>;

/** The layout of 2015. It has no amounts: they stand in the words of CF_JG only. */
export const Penalty2015Wire = SharedColumns.extend({
  layout: z.literal('2015'),
  CF_SY: Text,
  CF_CFLB1: Text,
  CF_CFLB2: OptionalText,
  CF_XZJG: Text,
  CF_ZT: OptionalText,
  SJC: OptionalText,
});
export type Penalty2015Wire = z.infer<typeof Penalty2015Wire>;

export const PenaltyWire = withLayout(['2021', ONLY_2021], ['2015', ONLY_2015])
  .transform((row) => (isAboutNaturalPerson(row) ? { layout: 'natural person' as const } : row))
  .pipe(z.discriminatedUnion('layout', [Penalty2021Wire, Penalty2015Wire, NaturalPersonRow]));
export type PenaltyWire = z.infer<typeof PenaltyWire>;

const AbnormalEntryWire = z.object({
  layout: z.literal('abnormal'),
  BUSEXCLIST: Text,
  UNISCID: Text,
  SPECAUSE: OptionalText,
  SPECAUSE_CN: OptionalText,
  ABNTIME: Text,
  DECORG_CN: Text,
  REMDATE: OptionalText,
  ISMOVE: OptionalText,
});
const SeriousEntryWire = z.object({
  layout: z.literal('serious'),
  ILLID: Text,
  UNISCID: Text,
  SERILLREA_CN: Text,
  ABNTIME: Text,
  DECORG_CN: Text,
  REMDATE: OptionalText,
});

export const ListEntryWire = withLayout(['abnormal', ONLY_ABNORMAL], ['serious', ONLY_SERIOUS]).pipe(
  z.discriminatedUnion('layout', [AbnormalEntryWire, SeriousEntryWire]),
);
export type ListEntryWire = z.infer<typeof ListEntryWire>;
