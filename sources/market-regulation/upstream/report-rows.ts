/** The report register: searched by conditions, looked up by number. */
import type { World, WorldInstitution, WorldReport } from '../../world/types.ts';
import { JCJYLB_CODES } from '../codes.ts';
import { codeFlag, wallTime } from './native.ts';
import type { WireRow } from './native.ts';
import { capabilityRow } from './qualification-rows.ts';
import type { ReportCondition } from './requests.ts';

const JYJL: Readonly<Record<WorldReport['conclusion'], string>> = { PASS: '1', FAIL: '2', UNKNOWN: '9' };

interface RegisteredReport {
  /** The register's own serial: numbers and versions repeat, where bodies or typists repeat them. */
  readonly id: string;
  readonly report: WorldReport;
}

/** An institution's rows, newest first. */
function registeredBy(world: World, institution: WorldInstitution): RegisteredReport[] {
  const reports = world.reportsOf(institution);
  return reports
    .map((report, place) => ({
      id: `${institution.creditCode.slice(8, 17)}-${String(reports.length - place).padStart(6, '0')}`,
      report,
    }))
    .sort(newestFirst);
}

function compare<T>(left: T, right: T): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** By day of issue, number, version and serial. */
function newestFirst(left: RegisteredReport, right: RegisteredReport): number {
  return (
    compare(right.report.issuedOn, left.report.issuedOn) ||
    compare(right.report.number, left.report.number) ||
    compare(right.report.version, left.report.version) ||
    compare(right.id, left.id)
  );
}

function reportRow({ creditCode }: WorldInstitution, { id, report }: RegisteredReport): WireRow {
  return {
    REPID: id,
    UNISCID: creditCode,
    CODEFLAG: codeFlag(creditCode),
    JYJCBGBH: report.number,
    BBH: report.version,
    QFRQ: report.issuedOn,
    JYJL: JYJL[report.conclusion],
    JCJYLB: JCJYLB_CODES[report.samplingKind],
    QZR: report.signatory,
    ZYZ: report.digest.toUpperCase(),
    DJSJ: wallTime(report.registeredAt),
    ITEMS: report.parameters.map((item) => ({ ...capabilityRow(item), ADDR: item.site })),
  };
}

/** The whole register of an institution, newest first. */
export function reportRowsOf(world: World, institution: WorldInstitution): WireRow[] {
  return registeredBy(world, institution).map((registered) => reportRow(institution, registered));
}

/** Rows of one condition, newest first and no more than its limit. */
function matching(world: World, condition: ReportCondition, isGone: (id: string) => boolean): WireRow[] {
  const institution = world.byCreditCode(condition.UNISCID);
  if (institution === undefined) return [];
  const { FROM = null, TO = null, NUMBER = null, LIMIT } = condition;
  return registeredBy(world, institution)
    .filter(
      ({ id, report: { issuedOn, number } }) =>
        !isGone(id) &&
        (FROM === null || issuedOn >= FROM) &&
        (TO === null || issuedOn <= TO) &&
        (NUMBER === null || number === NUMBER),
    )
    .slice(0, LIMIT)
    .map((registered) => reportRow(institution, registered));
}

/** @param isGone whether a row with this REPID has been withdrawn; it must not count towards a limit */
export function searchRows(
  world: World,
  conditions: readonly ReportCondition[],
  isGone: (id: string) => boolean,
): WireRow[] {
  return conditions.flatMap((condition, index) =>
    matching(world, condition, isGone).map((row) => ({ CONDNO: index, ...row })),
  );
}

export function reportRowsByNumber(world: World, number: string): WireRow[] {
  return world.institutionOfReport(number).flatMap((institution) =>
    registeredBy(world, institution)
      .filter(({ report }) => report.number === number)
      .map((registered) => reportRow(institution, registered)),
  );
}
