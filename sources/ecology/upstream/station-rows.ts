/** Stations, their lines and devices, and the penalties against them. */
import { createHash } from 'node:crypto';
import { addDays } from '../../../schema/time/calendar-date.ts';
import { parseRegionCode, regionOf } from '../../../schema/region/region.ts';
import { SPECIAL_INDEXES } from '../../world/special-indexes.ts';
import type { World, WorldInstitution, WorldKind, WorldLine, WorldPenalty, WorldStatus } from '../../world/types.ts';
import { compactDate, compactTime, hashOf, yuan } from './format.ts';
import type { OnRecord, OutgoingRecord, Row } from './rows.ts';

const STATUS_CODES: Readonly<Record<WorldStatus, string>> = {
  ACTIVE: '1',
  SUSPENDED: '2',
  DEREGISTERED: '3',
  REVOKED: '4',
};
const TYPE_CODES: Readonly<Partial<Record<WorldKind, string>>> = {
  VEHICLE_INSPECTION_BODY: '1',
  ENV_MONITORING_BODY: '2',
  CARBON_VERIFICATION_BODY: '3',
  CARBON_TESTING_BODY: '4',
};
/** The platform has the equipment of emission tests only; the rest of a line is the police's. */
const DEVICE_CODES: Readonly<Partial<Record<WorldLine['equipment'][number]['kind'], string>>> = {
  DYNAMOMETER: '1',
  GAS_ANALYSER: '2',
  OPACIMETER: '3',
};
const DAYS_BETWEEN_CALIBRATIONS = 365;
/** One generated station of nine was entered without its CMA certificate. */
const CMA_MISSING_EVERY = 9;
/** The subjects of the domain reference and the planted cases come first and are complete. */
const FIRST_WITH_GAPS = 20;

export function holdsCma({ index }: WorldInstitution): boolean {
  // Nothing tells these two apart here: a person has to.
  if ((SPECIAL_INDEXES.sameNameSameRegion as readonly number[]).includes(index)) return false;
  return index < FIRST_WITH_GAPS || index % CMA_MISSING_EVERY !== 0;
}

/** The platform knows monitoring bodies by their credit code as well; stations have a number only. */
export function holdsCreditCode({ kinds, codeMissingAt }: WorldInstitution): boolean {
  return kinds.includes('ENV_MONITORING_BODY') && !codeMissingAt.includes('ecology');
}

export function stationsOf(world: World, institution: WorldInstitution): OnRecord[] {
  const { ecology } = institution.localNumbers;
  if (ecology === null) return [];
  return [
    {
      id: ecology,
      uploadedAt: () => compactTime(institution.updatedAt),
      record: () => stationRecord(world, institution),
    },
  ];
}

function stationRecord(world: World, institution: WorldInstitution): OutgoingRecord {
  const { nameAt, regionAt, addressAt, statusAt, localNumbers } = institution;
  const region = regionAt.ecology ?? institution.region;
  const [cmaNumber, cmaEnd] = holdsCma(institution) ? cmaOf(world, institution) : ['', ''];
  const types = institution.kinds.map((kind) => TYPE_CODES[kind] ?? '9');
  return {
    element: 'station',
    row: {
      TsNo: localNumbers.ecology,
      StationName: nameAt.ecology ?? institution.name,
      StationType: [...new Set(types)].join(','),
      AreaCode: region,
      Address: addressAt.ecology ?? institution.address,
      LegalPerson: institution.legalRepresentative,
      ContactPhone: institution.contactPhone,
      Status: STATUS_CODES[statusAt.ecology ?? institution.status],
      CMANo: cmaNumber,
      CMAvaliddate: cmaEnd,
      tyshxydm: holdsCreditCode(institution) ? institution.creditCode : '',
      filingdate: compactDate(institution.establishedOn),
      filingorg: `${regionOf(parseRegionCode(`${region.slice(0, 4)}00`)).name}生态环境局`,
      Optime: compactTime(institution.updatedAt),
    },
  };
}

/** The last certificate that was filed; nobody takes it out when it ends. */
function cmaOf(world: World, institution: WorldInstitution): readonly [string, string] {
  const version = world
    .qualificationsOf(institution)
    .findLast(({ scheme, supersededAt }) => scheme === 'CMA' && supersededAt === null);
  return version === undefined ? ['', ''] : [version.number, compactDate(version.validTo)];
}

/** Lines are uploaded with their station, devices with the certificate of their yearly calibration. */
export function facilitiesOf(world: World, institution: WorldInstitution): OnRecord[] {
  const TsNo = institution.localNumbers.ecology;
  if (TsNo === null) return [];
  return world.linesOf(institution).flatMap(({ lineNumber, name, equipment }): OnRecord[] => [
    {
      id: `${TsNo}-${lineNumber}`,
      uploadedAt: () => compactTime(institution.updatedAt),
      record: () => ({
        element: 'line',
        row: { Id: `${TsNo}-${lineNumber}`, TsNo, TestLineNo: lineNumber, linename: name },
      }),
    },
    ...equipment.flatMap((device): OnRecord[] => {
      const testdevicetype = DEVICE_CODES[device.kind];
      if (testdevicetype === undefined) return [];
      const row: Row = {
        Id: device.serial,
        TsNo,
        TestLineNo: lineNumber,
        deviceCode: device.serial,
        name: device.name,
        testdevicetype,
        model: device.model,
        manufname: '',
        certcode: device.calibrationCertificate,
        validdate: compactDate(device.calibrationValidTo),
        ifcheck: '1',
      };
      return [
        {
          id: device.serial,
          uploadedAt: () => `${compactDate(addDays(device.calibrationValidTo, -DAYS_BETWEEN_CALIBRATIONS))}170000`,
          record: () => ({ element: 'device', row }),
        },
      ];
    }),
  ]);
}

/** Decisions are uploaded on the evening of the day on which they are published. */
export function penaltiesOf(world: World, institution: WorldInstitution): OnRecord[] {
  return world
    .penaltiesOf(institution)
    .filter(({ heldBy }) => heldBy === 'ecology')
    .map((penalty) => {
      const id = createHash('md5').update(`${penalty.documentNumber}/${institution.creditCode}`).digest('hex');
      return {
        id,
        uploadedAt: () => `${compactDate(penalty.publishedFrom)}180000`,
        record: () => ({ element: 'punish', row: penaltyRow(institution, penalty, id) }),
      };
    });
}

function penaltyRow(institution: WorldInstitution, penalty: WorldPenalty, Id: string): Row {
  const TsNo = institution.localNumbers.ecology ?? '';
  const codeIsKnown = TsNo === '' || holdsCreditCode(institution);
  return {
    Id,
    TsNo,
    tyshxydm: codeIsKnown ? institution.creditCode : '',
    LegalPerson: institution.legalRepresentative,
    PunishNo: penalty.documentNumber,
    PunishOrg: penalty.authority,
    PunishOrgCode: penalty.authorityCode,
    PunishType: penalty.categories.join(hashOf(Id) % 2 === 0 ? ';' : '；'),
    IllegalAct: penalty.violation,
    IllegalFact: penalty.facts,
    PunishBasis: penalty.basis,
    PunishContent: penalty.content,
    FineAmount: yuan(penalty.fineFen),
    ForfeitAmount: yuan(penalty.confiscatedFen),
    DecideDate: `${penalty.decidedOn} 00:00:00`,
    PublishDate: `${penalty.publishedFrom} 00:00:00`,
    PublishEndDate: penalty.publishedTo === null ? '' : `${penalty.publishedTo} 00:00:00`,
  };
}
