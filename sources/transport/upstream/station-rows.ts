/** Rows of QZ_JCJG: the stations that have filed with the department. */
import { addDays, addMonths } from '../../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../../schema/time/calendar-date.ts';
import type { World, WorldInstitution, WorldStatus } from '../../world/types.ts';
import { compactDay, control, dayInStyle, openEnd, padded, plusMinutes, type Cells } from './format.ts';

const FILING_STATUS: Readonly<Record<WorldStatus, string>> = {
  ACTIVE: '1',
  SUSPENDED: '2',
  DEREGISTERED: '3',
  REVOKED: '4',
};

/** Columns that say whose row it is. Some stations' rows lack the credit code, and blanks stand where it should be. */
export function identityOf({ index, creditCode, codeMissingAt, localNumbers }: WorldInstitution): Cells {
  const blank = index % 2 === 0 ? null : '';
  return {
    TYSHXYDM: codeMissingAt.includes('transport') ? blank : creditCode,
    JCJGBH: localNumbers.transport,
  };
}

/** The organization code inside the credit code, in one of its two printed forms. */
export function organizationCodeOf({ index, creditCode }: WorldInstitution): string {
  const code = creditCode.slice(8, 17);
  return index % 2 === 0 ? code : `${code.slice(0, 8)}-${code.slice(8)}`;
}

export function nameOf({ name, nameAt }: WorldInstitution): string {
  return nameAt.transport ?? name;
}

/** Day of the filing: two months after the registration. */
export function filedOn({ establishedOn }: WorldInstitution): CalendarDate {
  return addDays(establishedOn, 60);
}

/** Every fourth filing has an end; the others say in three ways that they have none. */
export function filingEndOf(institution: WorldInstitution): CalendarDate | null {
  return institution.index % 4 === 3 ? addMonths(filedOn(institution), 240) : null;
}

/** One row per station, and for some the row that it replaced. */
export function stationRows(world: World, institution: WorldInstitution): Cells[] {
  const { index, regionAt, region, addressAt, address, statusAt, status, updatedAt } = institution;
  const cma = world.cmaNumberOf(institution);
  const cmaEnd = world.qualificationsOf(institution).findLast(({ number }) => number === cma)?.validTo;
  const filingEnd = filingEndOf(institution);
  const row: Cells = {
    ID: `J${String(index).padStart(5, '0')}`,
    ...identityOf(institution),
    ZZJGDM: organizationCodeOf(institution),
    JCJGMC: padded(nameOf(institution), index),
    DZ: addressAt.transport ?? address,
    XZQHDM: regionAt.transport ?? region,
    FDDBR: institution.legalRepresentative,
    LXDH: institution.contactPhone,
    ZZRDZSBH: cma !== null && index % 5 === 2 ? `${cma}、黔量认字第0${index}号` : cma,
    ZZRDYXQZ: cmaEnd === undefined ? '——' : dayInStyle(cmaEnd, index),
    BABH: `黔交检备${institution.localNumbers.transport ?? ''}`,
    BAJG: '示例省交通运输厅',
    BARQ: compactDay(filedOn(institution)),
    BAYXQZ: filingEnd === null ? openEnd(index) : compactDay(filingEnd),
    BAZT: FILING_STATUS[statusAt.transport ?? status],
  };
  if (index % 4 !== 1) return [{ ...row, ...control('I', updatedAt) }];
  const replaced = { ...row, JCJGMC: '示例旧名称检测站', BAZT: '2', ...control('I', plusMinutes(updatedAt, -90)) };
  return [replaced, { ...row, ...control('U', updatedAt) }];
}
