/** The fictional subjects of the domain reference (1.4) and every case that is planted on them. */
import { parseCreditCode } from '../../schema/codes/credit-code.ts';
import { day, instantAt } from './clock.ts';
import { CERTIFICATES, DECISIONS, LIST_ENTRIES, REPORTS } from './planted/keys.ts';
import { PLANTED_VEHICLES } from './planted/vehicles.ts';
import type { WorldInstitution, WorldKind, WorldVehicle } from './types.ts';
import { DEMO_VEHICLES } from './vehicles.ts';

export type SubjectKey =
  'INST-A' | 'INST-B' | 'INST-C' | 'INST-D' | 'INST-E' | 'INST-F' | 'INST-G' | 'INST-H' | 'CARR-1';

/** In the order of the domain reference; their places are their indexes. */
export const SUBJECTS: readonly WorldInstitution[] = [
  subject('INST-A', '91520115MAYDM00198', '贵州示例甲机动车检测有限公司', ['VEHICLE_INSPECTION_BODY'], {
    establishedOn: day('2019-05-20'),
    region: '520115',
    address: '贵州省贵阳市观山湖区示例路1号',
    legalRepresentative: '示例某',
    localNumbers: { ecology: '520115-0007', transport: '5201150007', publicSecurity: '5200000117' },
    updatedAt: instantAt('2026-03-02 09:15:00'),
  }),
  subject('INST-B', '91520201MAYDM0027Y', '六盘水示例乙机动车检测有限公司', ['VEHICLE_INSPECTION_BODY'], {
    establishedOn: day('2015-11-02'),
    region: '520201',
    address: '贵州省六盘水市钟山区示例路2号',
    localNumbers: { ecology: '520201-0002', transport: '5202010002', publicSecurity: '5200000202' },
    nameAt: { transport: '六盘水示例乙机动车检测' },
    addressAt: { ecology: '六盘水市钟山区示例路2号附1号' },
  }),
  subject('INST-C', '91520303MAYDM0035U', '遵义示例丙环境监测有限公司', ['ENV_MONITORING_BODY'], {
    establishedOn: day('2018-03-14'),
    region: '520303',
    address: '贵州省遵义市汇川区示例路3号',
    localNumbers: { ecology: '520303-0003', transport: null, publicSecurity: null },
  }),
  subject('INST-D', '91520103MAYDM0043C', '贵州示例丁认证有限公司', ['CERTIFICATION_BODY'], {
    establishedOn: day('2020-08-31'),
    region: '520103',
    address: '贵州省贵阳市云岩区示例路4号',
  }),
  subject('INST-E', '12520000MBYDM0055A', '贵州省示例戊医疗器械检验中心', ['MEDICAL_DEVICE_INSPECTION_BODY'], {
    establishedOn: day('2009-07-01'),
    region: '520000',
    address: '贵州省贵阳市示例路5号',
  }),
  subject(
    'INST-F',
    '91520502MAYDM006X5',
    '毕节示例己碳核查技术有限公司',
    ['CARBON_TESTING_BODY', 'CARBON_VERIFICATION_BODY'],
    {
      establishedOn: day('2019-01-17'),
      region: '520502',
      address: '贵州省毕节市七星关区示例路6号',
      localNumbers: { ecology: '520502-0006', transport: null, publicSecurity: null },
      regionAt: { ecology: '522400' },
    },
  ),
  subject('INST-G', '91520602MAYDM0078A', '铜仁示例庚食品检测有限公司', ['FOOD_AGRI_TESTING_BODY'], {
    establishedOn: day('2017-06-05'),
    region: '520602',
    address: '贵州省铜仁市碧江区示例路7号',
  }),
  subject('INST-H', '91520402MAYDM0086T', '安顺示例辛机动车检测有限公司', ['VEHICLE_INSPECTION_BODY'], {
    establishedOn: day('2019-10-10'),
    region: '520402',
    address: '贵州省安顺市西秀区示例路8号',
    localNumbers: { ecology: '520402-0008', transport: '5204020008', publicSecurity: '5200000408' },
    nameAt: { 'public-security': '安顺示例辛机动车综合性能检测站' },
    statusAt: { ecology: 'REVOKED' },
    codeMissingAt: ['transport'],
  }),
  subject('CARR-1', '91522601MAYDM0094A', '黔东南示例壬运输有限公司', ['OTHER'], {
    establishedOn: day('2014-04-22'),
    region: '522601',
    address: '贵州省黔东南苗族侗族自治州凯里市示例路9号',
  }),
];

/** Where the drawn visits of a subject end, so that its planted visits stand alone after that day. */
export const DRAWN_VISITS_UNTIL: Readonly<Record<string, string>> = { 'INST-B': '2025-09-30', 'INST-H': '2025-09-15' };

/** A case that a rule must find, or must not trip over. */
export interface PlantedCase {
  readonly id: string;
  /** Rule, clue or verdict of the domain reference. */
  readonly rule: string;
  readonly subjects: readonly SubjectKey[];
  /** Vehicle identification numbers of the visits, report numbers, decisions, list entries or certificates to look at. */
  readonly vins?: readonly string[];
  readonly reports?: readonly string[];
  readonly decisions?: readonly string[];
  readonly listEntries?: readonly string[];
  readonly certificates?: readonly string[];
}

const V = PLANTED_VEHICLES;

/** Every planted case with what to look at; README.md has the same list in words. */
export const PLANTED_CASES: readonly PlantedCase[] = [
  // One car under test at two stations: 10:02 to 10:31 at INST-A, 10:10 to 10:20 at INST-B.
  { id: 'overlap', rule: 'F01', subjects: ['INST-A', 'INST-B'], vins: [DEMO_VEHICLES.petrol.vin] },
  // A transient cycle (VMAS) of 92 seconds; it takes 195.
  { id: 'short-cycle', rule: 'F02', subjects: ['INST-H'], vins: [V.shortCycle.vin] },
  // Twelve cars with one set of process data.
  { id: 'cloned-curves', rule: 'F03', subjects: ['INST-B'], vins: vinsOf(V.cloned) },
  // Six cars of six models with one CAL ID and CVN.
  { id: 'one-obd', rule: 'F04', subjects: ['INST-B'], vins: vinsOf(V.oneObd) },
  // 60 cars fail, and all of them pass on the same day.
  { id: 'retests-all-pass', rule: 'F05', subjects: ['INST-B'], vins: vinsOf(V.retested) },
  // Failed in Guiyang, passed in Anshun one to five days later.
  { id: 'travellers', rule: 'F06', subjects: ['INST-A', 'INST-H'], vins: vinsOf(V.travellers) },
  // A substance that the certificate never covered.
  { id: 'out-of-scope', rule: 'F07', subjects: ['INST-C'], reports: [REPORTS.outOfScope] },
  // In scope by the register of that day, out of scope since the correction of 2026-02-20 with effect from 2024-02-10.
  { id: 'smaller-scope', rule: 'F07', subjects: ['INST-G'], reports: [REPORTS.outsideRenewedScope] },
  // Reports during rectification, after expiry and after revocation.
  { id: 'while-rectifying', rule: 'F08', subjects: ['INST-B'], vins: vinsOf(V.whileRectifying) },
  { id: 'after-expiry', rule: 'F08', subjects: ['INST-F'], reports: [REPORTS.afterExpiry] },
  { id: 'after-revocation', rule: 'F08', subjects: ['INST-H'], vins: vinsOf(V.afterRevocation) },
  // Signed by somebody the certificate does not name.
  { id: 'unauthorised-signatory', rule: 'F09', subjects: ['INST-G'], reports: [REPORTS.unauthorisedSignatory] },
  // Safety passed without an emission test, and 40 minutes before it.
  { id: 'no-emission', rule: 'F10', subjects: ['INST-H'], vins: [V.noEmission.vin, V.lateEmission.vin] },
  // On both lines of one station; and at one station's safety line while road-tested at another.
  { id: 'two-lines', rule: 'F11', subjects: ['INST-B'], vins: [V.twoLines.vin] },
  { id: 'two-stations', rule: 'F11', subjects: ['INST-B', 'INST-H'], vins: [V.twoStations.vin] },
  // A diesel truck and a diesel pickup tested like petrol cars.
  { id: 'wrong-method', rule: 'F12', subjects: ['INST-H'], vins: vinsOf(V.wrongMethod) },
  // A hundred cars on 2025-11-18 on one line.
  { id: 'crowded-day', rule: 'F13', subjects: ['INST-H'], vins: vinsOf(V.crowd) },
  // 120 tests in a row with the same temperature, humidity and pressure.
  { id: 'constant-air', rule: 'F14', subjects: ['INST-B'], vins: vinsOf(V.retested) },
  // One sampler at two places 120 km apart within ten minutes.
  { id: 'sampler-twice', rule: 'F15', subjects: ['INST-C'], reports: REPORTS.samplerAtTwoPlaces },
  // Reports of bodies on the serious and on the abnormal list.
  {
    id: 'listed-serious',
    rule: 'F16',
    subjects: ['INST-H'],
    vins: vinsOf(V.afterRevocation),
    listEntries: [LIST_ENTRIES.seriousActive],
  },
  {
    id: 'listed-abnormal',
    rule: 'F16',
    subjects: ['INST-F'],
    reports: [REPORTS.afterExpiry],
    listEntries: [LIST_ENTRIES.carbonActive],
  },
  // Analysed before it was sampled; and one sampler 280 km in one hour.
  { id: 'before-sampling', rule: 'F17', subjects: ['INST-C'], reports: [REPORTS.beforeSampling] },
  { id: 'sampler-too-fast', rule: 'F17', subjects: ['INST-C'], reports: REPORTS.samplerTooFast },
  // One number twice with different content, within one body and at two bodies.
  { id: 'duplicated-number', rule: 'F18', subjects: ['INST-E'], reports: [REPORTS.duplicated] },
  { id: 'borrowed-number', rule: 'F18', subjects: ['INST-A', 'INST-H'], reports: [REPORTS.borrowed] },
  // Twelve vehicles, and the same again within two years.
  {
    id: 'serious-emission',
    rule: 'SER-ENV',
    subjects: ['INST-B'],
    vins: vinsOf(V.cloned),
    decisions: [DECISIONS.firstEmission, DECISIONS.secondEmission],
  },
  // Two false reports in a key area within two years.
  {
    id: 'serious-quality',
    rule: 'SER-PQ',
    subjects: ['INST-H'],
    reports: REPORTS.foundFalse,
    decisions: [DECISIONS.firstFalseReport, DECISIONS.secondFalseReport],
  },
  { id: 'carbon', rule: 'CARB', subjects: ['INST-F'], reports: [REPORTS.carbonFalse], decisions: [DECISIONS.carbon] },
  // Gains above 300,000 yuan in environmental monitoring; above 100,000 yuan in general.
  { id: 'crime-monitoring', rule: 'CRIM', subjects: ['INST-C'], decisions: [DECISIONS.monitoringGains] },
  { id: 'crime-general', rule: 'CRIM', subjects: ['INST-H'], decisions: [DECISIONS.secondFalseReport] },
  { id: 'serious-list', rule: 'LIST', subjects: ['INST-H'], listEntries: [LIST_ENTRIES.seriousActive] },
  {
    id: 'abnormal-active',
    rule: 'LIST',
    subjects: ['CARR-1', 'INST-F'],
    listEntries: [LIST_ENTRIES.carrierActive, LIST_ENTRIES.carbonActive],
  },
  { id: 'abnormal-removed', rule: 'LIST', subjects: ['INST-D'], listEntries: [LIST_ENTRIES.certificationBodyRemoved] },
  { id: 'rectifying', rule: 'CMA', subjects: ['INST-B'], certificates: [CERTIFICATES.cmaOfB] },
  { id: 'expired', rule: 'CMA', subjects: ['INST-F'], certificates: [CERTIFICATES.cmaOfF] },
  { id: 'revoked', rule: 'CMA', subjects: ['INST-H'], certificates: [CERTIFICATES.cmaOfH] },
  {
    id: 'renewed-smaller',
    rule: 'CMA',
    subjects: ['INST-G'],
    certificates: [CERTIFICATES.cmaOfGBefore, CERTIFICATES.cmaOfG],
  },
  { id: 'emergency-channel', rule: 'CMA', subjects: ['INST-E'], certificates: [CERTIFICATES.cmaOfE] },
  // verifyReport: genuine, unknown, and two registers that disagree.
  { id: 'authentic', rule: 'VERIFY', subjects: ['INST-A'], reports: [REPORTS.authentic] },
  { id: 'unknown-number', rule: 'VERIFY', subjects: [], reports: [REPORTS.unknown] },
  { id: 'registers-disagree', rule: 'VERIFY', subjects: ['INST-B'], reports: [REPORTS.registersDisagree] },
  // Certificates of INST-D in force, suspended and revoked; a suspended CCC certificate.
  {
    id: 'certificates',
    rule: 'CERTIFICATE',
    subjects: ['INST-D'],
    certificates: [CERTIFICATES.valid, CERTIFICATES.suspended, CERTIFICATES.revoked, CERTIFICATES.cccSuspended],
  },
  // Public security has not heard of the renewal of INST-B and of the revocation of INST-H.
  { id: 'police-outdated', rule: 'CONFLICT', subjects: ['INST-B', 'INST-H'] },
];

function vinsOf(vehicles: readonly WorldVehicle[]): readonly string[] {
  return vehicles.map(({ vin }) => vin);
}

type SubjectFacts = Pick<WorldInstitution, 'establishedOn' | 'region' | 'address'> & Partial<WorldInstitution>;

function subject(
  key: SubjectKey,
  code: string,
  name: string,
  kinds: readonly WorldKind[],
  facts: SubjectFacts,
): WorldInstitution {
  const index = (key === 'CARR-1' ? 'I' : key.slice(5)).charCodeAt(0) - 65;
  return {
    index,
    key,
    creditCode: parseCreditCode(code),
    name,
    kinds,
    status: 'ACTIVE',
    legalRepresentative: `示例${'甲乙丙丁戊己庚辛壬'.charAt(index)}法`,
    // 179 is not a range of mobile numbers, so nobody's telephone rings.
    contactPhone: `1790000000${index}`,
    localNumbers: { ecology: null, transport: null, publicSecurity: null },
    nameAt: {},
    regionAt: {},
    addressAt: {},
    statusAt: {},
    codeMissingAt: [],
    updatedAt: instantAt('2026-02-26 16:40:00'),
    ...facts,
  };
}
