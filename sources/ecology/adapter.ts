/** Ecology's reads: each one call of the platform for the whole batch. */
import { normaliseCode } from '../../schema/codes/credit-code.ts';
import type { InspectionRequest, ReportRequest, SubjectReference } from '../../schema/ports.ts';
import type { InspectionRecord } from '../../schema/records.ts';
import { isWithin } from '../../schema/time/calendar-date.ts';
import type { Draft, SourceAdapter } from '../kit/adapter.ts';
import { readRows } from '../kit/read-rows.ts';
import { readBatch, reader, type Ownership } from './batch.ts';
import { judgeMeaning } from './codes.ts';
import { ask, type Condition, type EcologyPlatform } from './envelope.ts';
import { toEmissionTest, toLaboratoryTest, toProcessSeries, toReport } from './map-tests.ts';
import { toDevice, toDirectoryEntry, toFiling, toInstitution, toLine, toPenalty } from './map.ts';
import { createFeeds } from './feeds.ts';
import { OPERATIONS } from './operations.ts';
import { byRecordId, byText, latestReportFirst } from './order.ts';
import { peek } from './unstable-keys.ts';
import { compactDate, compactTime, compactTimeNotBefore, vinOrNull } from './values.ts';
import {
  DeviceWire,
  EmissionTestWire,
  LineWire,
  PenaltyWire,
  ProcessWire,
  ReportWire,
  StationWire,
  TaskWire,
} from './wire.ts';

type InspectionDraft = Draft<InspectionRecord>;

/** Station numbers as one comma list; null when the hub knows none. */
function stations({ localIds }: SubjectReference): { readonly TsNo: string } | null {
  return localIds.length === 0 ? null : { TsNo: localIds.join(',') };
}

const ofStation: Ownership<{ readonly TsNo: string | null }, SubjectReference> = {
  key: 'TsNo',
  answers: ({ TsNo }, { localIds }) => TsNo !== null && localIds.includes(TsNo),
};

/** Penalties come by either key, and a decision against a body without a station has the credit code only. */
const ofSubject: Ownership<{ readonly TsNo: string | null; readonly tyshxydm: string | null }, SubjectReference> = {
  key: 'tyshxydm',
  answers: (wire, request) =>
    ofStation.answers(wire, request) ||
    (wire.tyshxydm !== null && normaliseCode(wire.tyshxydm) === normaliseCode(request.creditCode)),
};

/** Bounds are whole seconds on the platform, so a lower bound is rounded up and an upper bound down. */
function testCondition(request: InspectionRequest): Condition | null {
  const { from, to, vin, result, limit } = request;
  const station = stations(request);
  return (
    station && {
      ...station,
      starttime: from === null ? '' : compactTimeNotBefore(from),
      endtime: to === null ? '' : compactTime(to),
      VIN: vinOrNull(vin) ?? '',
      TestJudge: result ? (judgeMeaning(result) ?? '') : '',
      maxrows: String(limit),
    }
  );
}

/** The filters of a request hold whatever the platform sends. */
function withinFilters<D extends InspectionDraft>(draft: D, { from, to, vin, result }: InspectionRequest): D | null {
  const { startedAt, vehicle } = draft;
  const fits =
    (from === null || startedAt >= from) &&
    (to === null || startedAt <= to) &&
    (vin === null || vehicle?.vin === vinOrNull(vin)) &&
    (!result || draft.result === result);
  return fits ? draft : null;
}

function reportCondition(request: ReportRequest): Condition | null {
  const { from, to, number, limit } = request;
  const station = stations(request);
  return (
    station && {
      ...station,
      InspectionReportNo: number ?? '',
      startdate: from === null ? '' : compactDate(from),
      enddate: to === null ? '' : compactDate(to),
      maxrows: String(limit),
    }
  );
}

const readInstitution = reader(StationWire, 'TsNo', ofStation, toInstitution);
const readFiling = reader(StationWire, 'TsNo', ofStation, toFiling);
const readLine = reader(LineWire, 'Id', ofStation, toLine);
const readDevice = reader(DeviceWire, 'Id', ofStation, toDevice);
const readEmissionTest = reader(EmissionTestWire, 'Id', ofStation, (wire, request: InspectionRequest) =>
  withinFilters<InspectionDraft>(toEmissionTest(wire), request),
);
const readTask = reader(TaskWire, 'Id', ofStation, (wire, request: InspectionRequest) =>
  withinFilters<InspectionDraft>(toLaboratoryTest(wire), request),
);
const readSeries = reader(
  ProcessWire,
  'Id',
  { key: 'Id', answers: ({ Id }, id: string) => Id === id },
  toProcessSeries,
);
const readReport = reader(ReportWire, 'Id', ofStation, (wire, { from, to, number }: ReportRequest) => {
  const draft = toReport(wire);
  return isWithin(draft.issuedOn, from, to) && (number === null || draft.number === number) ? draft : null;
});
const readReportOfNumber = reader(
  ReportWire,
  'Id',
  { key: 'InspectionReportNo', answers: ({ InspectionReportNo }, number: string) => InspectionReportNo === number },
  toReport,
);
const readPenalty = reader(PenaltyWire, 'Id', ofSubject, toPenalty);

/**
 * @param platform where the platform is asked
 * @returns reads that answer in the order asked, inspections and reports and penalties newest first
 */
export function createEcologyAdapter(platform: EcologyPlatform): SourceAdapter {
  return {
    institutions: (requests, call) =>
      readBatch(platform, call, requests, {
        operation: OPERATIONS.stations,
        conditionOf: stations,
        readers: { station: readInstitution },
        order: byRecordId,
      }),
    qualifications: (requests, call) =>
      readBatch(platform, call, requests, {
        operation: OPERATIONS.stations,
        conditionOf: stations,
        readers: { station: readFiling },
        order: byRecordId,
      }),
    facilities: (requests, call) =>
      readBatch(platform, call, requests, {
        operation: OPERATIONS.devices,
        conditionOf: stations,
        readers: { line: readLine, device: readDevice },
        order: byRecordId,
      }),
    inspections: (requests, call) =>
      readBatch(platform, call, requests, {
        operation: OPERATIONS.tests,
        conditionOf: testCondition,
        readers: { insp: readEmissionTest, task: readTask },
        order: (left, right) => right.startedAt.getTime() - left.startedAt.getTime() || byRecordId(left, right),
        limitOf: ({ limit }) => limit,
      }),
    processSeries: (requests, call) =>
      readBatch(platform, call, requests, {
        operation: OPERATIONS.process,
        conditionOf: (id) => ({ Id: id }),
        readers: { process: readSeries },
        order: byRecordId,
      }),
    reports: (requests, call) =>
      readBatch(platform, call, requests, {
        operation: OPERATIONS.reports,
        conditionOf: reportCondition,
        readers: { report: readReport },
        order: latestReportFirst,
        limitOf: ({ limit }) => limit,
      }),
    reportsByNumber: (requests, call) =>
      readBatch(platform, call, requests, {
        operation: OPERATIONS.reports,
        conditionOf: (number) => ({ InspectionReportNo: number }),
        readers: { report: readReportOfNumber },
        order: latestReportFirst,
      }),
    penalties: (requests, call) =>
      readBatch(platform, call, requests, {
        operation: OPERATIONS.penalties,
        conditionOf: (request) => ({ TsNo: request.localIds.join(','), tyshxydm: request.creditCode }),
        readers: { punish: readPenalty },
        order: (left, right) => byText(right.decidedOn, left.decidedOn) || byRecordId(left, right),
      }),
    async directory(call) {
      const [records = []] = await ask(platform, call, OPERATIONS.stations, [{ TsNo: '' }]);
      const { drafts, malformed } = readRows(
        records.map(({ record }) => record),
        { wire: StationWire, toDraft: toDirectoryEntry, recordIdOf: (row) => peek(row, 'TsNo') },
      );
      return { entries: [...new Map(drafts.map((entry) => [entry.localId, entry])).values()], malformed };
    },
    changes: createFeeds(platform),
    async ping(call) {
      await ask(platform, call, OPERATIONS.synctime, [{}]);
    },
  };
}
