/** The province platform's register of reports on emission tests and monitoring tasks. */
import type { World, WorldInstitution, WorldLaboratoryTest } from '../../world/types.ts';
import { columnTime, compactTime, hashOf } from './format.ts';
import { METHOD_CODES } from './method-fields.ts';
import type { OnRecord, Row } from './rows.ts';
import { takenOver, whenReported } from './upload-times.ts';

/** A report with what it is filtered and ordered by. */
export interface ReportOnRecord extends OnRecord {
  readonly number: string;
  /** yyyyMMdd */
  readonly issuedOn: string;
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Latest day first; the numbers of one day from the last to the first. */
export function latestReportFirst(left: ReportOnRecord, right: ReportOnRecord): number {
  return compare(right.issuedOn, left.issuedOn) || compare(right.number, left.number) || compare(left.id, right.id);
}

/** Monitoring reports are written days after the work; the body tells the platform the day that it tells the register. */
export function reportDates(world: World, institution: WorldInstitution): (test: WorldLaboratoryTest) => string {
  let issuedOn: ReadonlyMap<string, string> | null = null;
  return ({ reportNumber, endedAt }) => {
    issuedOn ??= new Map(world.reportsOf(institution).map((report) => [report.number, report.issuedOn]));
    const day = issuedOn.get(reportNumber);
    return day === undefined ? columnTime(endedAt) : `${day} 00:00:00`;
  };
}

/** Reports of one station. The register's judgement is 1, 0 or null. */
export function reportsOf(world: World, institution: WorldInstitution): ReportOnRecord[] {
  const header = {
    TsNo: institution.localNumbers.ecology,
    tyshxydm: institution.kinds.includes('ENV_MONITORING_BODY') ? institution.creditCode : '',
    ReportVersion: '1',
  };
  const onRecord = (
    { id: testId, reportNumber, passed }: Reported,
    ReportDate: string,
    uploadedAt: () => string,
    items: () => Row['Items'],
  ): ReportOnRecord => {
    const id = registerId(testId);
    const record = (): Row => ({
      ...header,
      Id: id,
      InspectionReportNo: reportNumber,
      VDCT: passed === null ? null : passed ? '1' : '0',
      ReportDate,
      Items: items() ?? [],
    });
    return {
      id,
      number: reportNumber,
      issuedOn: ReportDate.slice(0, 10).replaceAll('-', ''),
      uploadedAt: () => takenOver(uploadedAt(), institution),
      record: () => ({ element: 'report', row: record() }),
    };
  };
  const emission = world.visitsOf(institution).flatMap(({ emission: test, clockOffsetSeconds }) => {
    if (test === null) return [];
    const { label, standard } = METHOD_CODES[test.method];
    return onRecord(
      test,
      columnTime(test.endedAt, clockOffsetSeconds.ecology),
      () => compactTime(test.endedAt, clockOffsetSeconds.ecology),
      () => [{ ItemObject: '机动车排放检验', ItemName: label, ItemStandard: standard }],
    );
  });
  const reportDateOf = reportDates(world, institution);
  const monitoring = world.laboratoryTestsOf(institution).map((test) => {
    const reportDate = reportDateOf(test);
    return onRecord(
      test,
      reportDate,
      () => whenReported(reportDate),
      () =>
        test.items.map(({ parameter, standard }) => ({
          ItemObject: test.object,
          ItemName: parameter,
          ItemStandard: standard,
        })),
    );
  });
  return [...emission, ...monitoring];
}

interface Reported {
  readonly id: string;
  readonly reportNumber: string;
  readonly passed: boolean | null;
}

/** The register numbers its rows itself; one row for each test. */
export const registerId = (testId: string): string =>
  `BG${String(hashOf(testId)).padStart(10, '0')}${testId.slice(-8)}`;
