/** How rows of a result are written, as CSV and as JSON. */
import { BYTE_ORDER_MARK, csvText } from '../../schema/csv.ts';
import type { Screened, ScreenedList } from '../../schema/screening/screened.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import type { KeyRow } from './read-keys.ts';

export const FORMATS = ['csv', 'json'] as const;
export type ResultFormat = (typeof FORMATS)[number];

export interface ResultRow {
  readonly key: Pick<KeyRow, 'row' | 'text'>;
  readonly screened: Screened;
}

/** What is compared with the last run: facts, not when they were fetched. */
export const FACT_COLUMNS = [
  'verdict',
  'reason',
  'institutionCode',
  'institutionName',
  'institutionStatus',
  'issuedOn',
  'conclusion',
  'qualifications',
  'lists',
  'penalties',
] as const;

export const COLUMNS = [
  'row',
  'input',
  'kind',
  ...FACT_COLUMNS,
  'department',
  'recordId',
  'fetchedAt',
  'receipt',
  'coverage',
] as const;

const MOST_SHOWN = 200;
/** A file may hold anything where a number should be. */
const shown = (text: string): string => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);

/** "none" only when everybody answered. */
function listInWords(list: ScreenedList | null): string {
  if (list === null) return '';
  const { found, silent } = list;
  const who = `${silent.join(', ')} did not answer in full`;
  if (silent.length === 0) return found.length === 0 ? 'none' : found.join('; ');
  return found.length === 0 ? `unknown: ${who}` : `${found.join('; ')}; perhaps more: ${who}`;
}

/** As text, in the order of {@link COLUMNS}. */
export function cellsOf({ key, screened }: ResultRow): readonly string[] {
  const { provenance, coverage } = screened;
  return [
    String(key.row),
    shown(key.text),
    screened.kind,
    screened.verdict,
    screened.reason ?? '',
    screened.institutionCode ?? '',
    screened.institutionName ?? '',
    screened.institutionStatus ?? '',
    screened.issuedOn ?? '',
    screened.conclusion ?? '',
    listInWords(screened.qualifications),
    listInWords(screened.lists),
    listInWords(screened.penalties),
    provenance?.departmentId ?? '',
    provenance?.recordId ?? '',
    provenance === null ? '' : formatInstant(provenance.fetchedAt),
    provenance?.receipt ?? '',
    coverage
      .map(({ departmentId, facet, status, observedAt }) =>
        [departmentId, facet, status, ...(observedAt === null ? [] : [formatInstant(observedAt)])].join(' '),
      )
      .join('; '),
  ];
}

function jsonOf({ key, screened }: ResultRow): string {
  const { provenance, coverage, ...facts } = screened;
  return JSON.stringify({
    row: key.row,
    input: shown(key.text),
    ...facts,
    provenance: provenance && { ...provenance, fetchedAt: formatInstant(provenance.fetchedAt) },
    coverage: coverage.map((each) => ({
      ...each,
      observedAt: each.observedAt && formatInstant(each.observedAt),
    })),
  });
}

/** The pieces of a result, written one after the other: together they are a CSV file, or one JSON array. */
export const WRITERS: Readonly<
  Record<
    ResultFormat,
    { readonly head: string; rows(rows: readonly ResultRow[], isFirst: boolean): string; readonly foot: string }
  >
> = {
  csv: {
    head: BYTE_ORDER_MARK + csvText([COLUMNS]),
    rows: (rows) => csvText(rows.map(cellsOf)),
    foot: '',
  },
  json: {
    head: '[\n',
    rows: (rows, isFirst) => `${isFirst ? '' : ',\n'}${rows.map(jsonOf).join(',\n')}`,
    foot: '\n]\n',
  },
};
