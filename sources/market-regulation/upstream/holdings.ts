/** What the service holds, kind by kind: whose rows they are, under which number, and how one of them may be changed. */
import { formatInstant } from '../../../schema/time/instant.ts';
import type { World, WorldInstitution } from '../../world/types.ts';
import { certificateRowsOf } from './certificate-rows.ts';
import { institutionRow } from './institution-rows.ts';
import { listEntryRows } from './list-entry-rows.ts';
import { codeFlag, compactTime, wallTime } from './native.ts';
import type { WireRow } from './native.ts';
import { penaltyRows } from './penalty-rows.ts';
import { qualificationRows } from './qualification-rows.ts';
import { reportRowsOf } from './report-rows.ts';

export const HELD_KINDS = [
  'institutions',
  'qualifications',
  'reports',
  'penalties',
  'listEntries',
  'certificates',
] as const;
export type HeldKind = (typeof HELD_KINDS)[number];

export interface Holding {
  /** Every row that goes back to an institution, in any order. */
  rowsOf(institution: WorldInstitution): readonly WireRow[];
  /** The number of those rows; in most kinds the rows need not be made for it. */
  countOf(institution: WorldInstitution): number;
  /** @returns the only institution that could have such a record */
  ownerOf(recordId: string): WorldInstitution | undefined;
  /** Columns that a row keeps when it is withdrawn; the record id is in the first one that is filled. */
  readonly keyColumns: readonly string[];
  /** The row after so many changes, each different from the one before. */
  changed(row: WireRow, times: number): WireRow;
  /** A required column holds nonsense. */
  readonly nonsense: WireRow;
  /** The columns in which the office itself writes when it last touched the row; none where it does not. */
  touchedAt(row: WireRow, at: Date): WireRow;
}

const textIn = (row: WireRow, column: string): string => {
  const value = row[column];
  return typeof value === 'string' ? value : '';
};

export function recordIdOf({ keyColumns }: Pick<Holding, 'keyColumns'>, row: WireRow): string {
  return keyColumns.map((column) => textIn(row, column)).find((text) => text !== '') ?? '';
}

const reworded = (column: string) => (row: WireRow, times: number) => ({
  ...row,
  [column]: `${textIn(row, column)}（第${times}次更正）`,
});

/** Feeds carry it beside every code, because no row of the register itself stands there. */
export function withCodeFlag(row: WireRow): WireRow {
  const code = textIn(row, 'UNISCID') || textIn(row, 'CF_XDR_SHXYM');
  return code === '' || 'CODEFLAG' in row ? row : { ...row, CODEFLAG: codeFlag(code) };
}

const unstamped = (row: WireRow): WireRow => row;

export function holdingsOf(world: World): Readonly<Record<HeldKind, Holding>> {
  let byOrganizationCode: ReadonlyMap<string, WorldInstitution> | null = null;
  const organization = (code: string): WorldInstitution | undefined => {
    byOrganizationCode ??= new Map(world.institutions.map((each) => [each.creditCode.slice(8, 17), each]));
    return byOrganizationCode.get(code);
  };
  return {
    institutions: {
      rowsOf: (institution) => [institutionRow(world, institution)],
      countOf: () => 1,
      ownerOf: (recordId) => world.byCreditCode(recordId),
      keyColumns: ['UNISCID', 'CODEFLAG'],
      changed: reworded('DOM'),
      nonsense: { ENTNAME: '　' },
      touchedAt: (row, at) => ({ ...row, UPDATETIME: formatInstant(at) }),
    },
    qualifications: {
      rowsOf: (institution) => qualificationRows(world, institution),
      countOf: (institution) => world.qualificationsOf(institution).length,
      ownerOf: (recordId) => organization(recordId.slice(0, 9)),
      keyColumns: ['CERTID', 'UNISCID'],
      changed: reworded('ISSUEORG_CN'),
      nonsense: { CERTSTATE: '？' },
      touchedAt: (row, at) => ({ ...row, UPDATETIME: formatInstant(at) }),
    },
    reports: {
      rowsOf: (institution) => reportRowsOf(world, institution),
      countOf: (institution) => world.reportsOf(institution).length,
      ownerOf: (recordId) => organization(recordId.slice(0, 9)),
      keyColumns: ['REPID', 'UNISCID', 'CODEFLAG'],
      changed: (row, times) => ({ ...row, BBH: Number(row['BBH']) + times }),
      nonsense: { QFRQ: '2026-02-31' },
      touchedAt: (row, at) => ({ ...row, DJSJ: wallTime(at) }),
    },
    penalties: {
      rowsOf: (institution) => penaltyRows(world, institution),
      countOf: (institution) => penaltyRows(world, institution).length,
      ownerOf: (recordId) => organization(recordId.slice(4, 13)),
      keyColumns: ['ID', 'CF_XDR_SHXYM'],
      changed: reworded('CF_YJ'),
      nonsense: { CF_JDRQ: '2026/13/45' },
      touchedAt: (row, at) => ('XGSJ' in row ? { ...row, XGSJ: compactTime(at) } : { ...row, SJC: wallTime(at) }),
    },
    listEntries: {
      rowsOf: (institution) => listEntryRows(world, institution),
      countOf: (institution) => world.listEntriesOf(institution).length,
      ownerOf: (recordId) =>
        world.institutions.find((each) => world.listEntriesOf(each).some(({ id }) => id === recordId)),
      keyColumns: ['BUSEXCLIST', 'ILLID', 'UNISCID'],
      changed: reworded('DECORG_CN'),
      nonsense: { ABNTIME: '2026-02-31' },
      touchedAt: unstamped,
    },
    certificates: {
      rowsOf: (institution) => certificateRowsOf(world, institution),
      countOf: (institution) => world.certificatesOf(institution).length,
      ownerOf: (recordId) => world.institutionOfCertificate(recordId.replace(/^ZS-[A-Z_]+-/, '')),
      keyColumns: ['CERTID', 'ISSUNISCID', 'ISSCODEFLAG'],
      changed: reworded('HOLDNAME'),
      nonsense: { CERTSTATUS: '？' },
      touchedAt: unstamped,
    },
  };
}
