/** Ecology's change feeds: the same records, by the same dictionary, as the reads. */
import { normaliseCode } from '../../schema/codes/credit-code.ts';
import type { SubjectKey } from '../../schema/ports.ts';
import type { InspectionRecord } from '../../schema/records.ts';
import type { Draft, SourceAdapter } from '../kit/adapter.ts';
import { changeFeed, changeReader } from './changes.ts';
import { MalformedField } from '../kit/read-rows.ts';
import type { EcologyPlatform } from './envelope.ts';
import { toEmissionTest, toLaboratoryTest, toReport } from './map-tests.ts';
import { toDevice, toFiling, toInstitution, toLine, toPenalty } from './map.ts';
import { CHANGES } from './operations.ts';
import { DeviceWire, EmissionTestWire, LineWire, PenaltyWire, ReportWire, StationWire, TaskWire } from './wire.ts';

type InspectionDraft = Draft<InspectionRecord>;

/** The reads find everything but penalties by station number only; a report without one still has its own number. */
function station({ TsNo }: { readonly TsNo: string | null }): readonly SubjectKey[] {
  return TsNo === null ? [] : [`local:${TsNo}`];
}

/** Penalties are found by either key that is on the document. */
function punished({ TsNo, tyshxydm }: PenaltyWire): readonly SubjectKey[] {
  const byNumber: readonly SubjectKey[] = TsNo === null ? [] : [`local:${TsNo}`];
  const byCode: readonly SubjectKey[] = tyshxydm === null ? [] : [`code:${normaliseCode(tyshxydm)}`];
  if (TsNo === null && tyshxydm === null) throw new MalformedField('tyshxydm', 'is empty like TsNo: it is nobody’s');
  return [...byNumber, ...byCode];
}

export function createFeeds(platform: EcologyPlatform): NonNullable<SourceAdapter['changes']> {
  return {
    institutions: changeFeed(platform, CHANGES.stations, {
      station: changeReader(StationWire, 'TsNo', toInstitution, station),
    }),
    qualifications: changeFeed(platform, CHANGES.stations, {
      station: changeReader(StationWire, 'TsNo', toFiling, station),
    }),
    facilities: changeFeed(platform, CHANGES.devices, {
      line: changeReader(LineWire, 'Id', toLine, station),
      device: changeReader(DeviceWire, 'Id', toDevice, station),
    }),
    inspections: changeFeed<InspectionDraft>(platform, CHANGES.tests, {
      insp: changeReader(EmissionTestWire, 'Id', toEmissionTest, station),
      task: changeReader(TaskWire, 'Id', toLaboratoryTest, station),
    }),
    reports: changeFeed(platform, CHANGES.reports, {
      report: changeReader(ReportWire, 'Id', toReport, station),
    }),
    penalties: changeFeed(platform, CHANGES.penalties, {
      punish: changeReader(PenaltyWire, 'Id', toPenalty, punished),
    }),
  };
}
