/** The world's facts in the police's words: local numbers, wall times, plates without their ends, personal data. */
import { formatInstant } from '../../../schema/time/instant.ts';
import type { CalendarDate } from '../../../schema/time/calendar-date.ts';
import type { World, WorldInstitution, WorldLine, WorldVehicle, WorldVisit } from '../../world/types.ts';
import type { Row } from './documents.ts';

/** Letter of the issuing office by prefecture (domain reference 1.7). */
const OFFICE_LETTERS: Readonly<Record<string, string>> = {
  '5201': 'A',
  '5202': 'B',
  '5203': 'C',
  '5206': 'D',
  '5223': 'E',
  '5205': 'F',
  '5204': 'G',
  '5226': 'H',
  '5227': 'J',
  // Prefectures that no longer exist kept their letters.
  '5222': 'D',
  '5224': 'F',
};
const BLOCKS = [
  ['zdsb', 'BRAKE'],
  ['dgsb', 'LAMP'],
  ['sdsb', 'SPEED'],
  ['chsb', 'SIDESLIP'],
  ['czsb', 'WEIGHT'],
] as const;
export const BLOCK_PREFIXES = BLOCKS.map(([prefix]) => prefix);
/** Lists of permitted scope (xkjyfw) that occur. */
export const PERMITTED_SCOPES: readonly string[] = ['01', '00,01', '00,01,02', '00,01,03'];
/** Fictional identity numbers (division 529999 does not exist). */
const IDENTITY_NUMBERS = ['529999199001010019', '529999198506150020', '529999200002290038', '529999197811300043'];
const STAFF = ['示例检', '例检甲', '示检乙', '范例检'];

export function officeOf(institution: WorldInstitution): string {
  return `贵${OFFICE_LETTERS[regionOf(institution).slice(0, 4)] ?? 'A'}`;
}

/** 18C01 */
export function stationRow(world: World, institution: WorldInstitution, number: string): Row {
  const filing = world.policeFilingOf(institution);
  const person = institution.legalRepresentative;
  const identity = pick(IDENTITY_NUMBERS, institution.index);
  const phone = institution.contactPhone;
  return [
    ['jczbh', number],
    ['jczmc', institution.nameAt['public-security'] ?? institution.name],
    ['sflw', '1'],
    ['rdsbh', filing?.cmaNumber ?? ''],
    ['rdyxqs', dayStart(filing?.validFrom)],
    ['rdyxqz', dayStart(filing?.validTo)],
    ['shejirjcnl', String(60 + (institution.index % 5) * 30)],
    ['jcryzs', String(8 + (institution.index % 20))],
    ['fzjg', officeOf(institution)],
    ['glbm', `${regionOf(institution)}000400`],
    ['gxrq', wallTime(institution.updatedAt)],
    ['shbj', filing?.status === '3' ? '0' : '1'],
    ['zt', filing?.status ?? '1'],
    ['ztyy', ''],
    ['xkjyfw', pick(PERMITTED_SCOPES, institution.index)],
    ['rdsffdw', '示例省市场监管局'],
    ['dwdz', institution.addressAt['public-security'] ?? institution.address],
    ['yzbm', ''],
    ['frdb', person],
    ['frdbsfzh', identity],
    ['frdblxdh', phone],
    ['fzrxm', person],
    ['fzrsfzh', identity],
    ['fzrlxdh', phone],
    ['rclxrxm', person],
    ['rclxrlxdh', phone],
    ['bz', `联系人 ${person} ${phone}`],
  ];
}

/** 18C02 */
export function lineRow(institution: WorldInstitution, number: string, line: WorldLine): Row {
  const blocks = BLOCKS.flatMap(([prefix, kind]): Row => {
    const item = line.equipment.find((equipment) => equipment.kind === kind);
    return [
      [`${prefix}mc`, item?.name ?? ''],
      [`${prefix}xh`, item?.model ?? ''],
      [`${prefix}sccj`, item === undefined ? '' : '示例检测设备有限公司'],
      [`${prefix}jdyxqz`, dayStart(item?.calibrationValidTo)],
      [`${prefix}zt`, item === undefined ? '' : '1'],
      [`${prefix}bh`, item?.serial ?? ''],
      [`${prefix}jdzsbh`, item?.calibrationCertificate ?? ''],
    ];
  });
  return [
    ['jczbh', number],
    ['jcxxh', line.lineNumber],
    ['jczmc', institution.nameAt['public-security'] ?? institution.name],
    ['jcxmc', line.name],
    ['jcxlb', line.kind === 'CAR' ? '1' : '2'],
    ['fzjg', officeOf(institution)],
    ['glbm', `${regionOf(institution)}000400`],
    ['gxrq', wallTime(institution.updatedAt)],
    ['zt', '1'],
    ['ztyy', ''],
    ...blocks,
    ['bz', ''],
  ];
}

/** 18Q90; null for a visit without a safety inspection. Times are those of the gateway's own clock. */
export function inspectionRow(institution: WorldInstitution, number: string, visit: WorldVisit): Row | null {
  const { safety, vehicle } = visit;
  if (safety === null) return null;
  const skewMs = visit.clockOffsetSeconds.publicSecurity * 1000;
  const staff = institution.index + visit.sequence;
  return [
    ['jylsh', safety.serial],
    ['jyjgbh', number],
    ['jcxdh', visit.lineNumber],
    ['jycs', String(visit.pass)],
    ['hpzl', vehicle.plateCategory],
    ['hphm', shortPlate(vehicle)],
    ['clsbdh', vehicle.vin],
    ['jylb', visit.sequence % 12 === 0 ? '00' : '01'],
    ['kssj', wallTime(new Date(safety.startedAt.getTime() + skewMs))],
    ['jssj', wallTime(new Date(safety.endedAt.getTime() + skewMs))],
    ['jyjgpd', safety.passed ? '1' : '2'],
    ['syr', vehicle.operatorName ?? pick(STAFF, staff + 1)],
    ['dly', pick(STAFF, staff)],
    ['dlysfzh', pick(IDENTITY_NUMBERS, staff)],
    ['sjr', pick(STAFF, staff + 2)],
    ['sjrsfzh', pick(IDENTITY_NUMBERS, staff + 1)],
    ['pzrxm', institution.legalRepresentative],
  ];
}

/** `yyyy-MM-dd HH:mm:ss` in China. */
export function wallTime(instant: Date): string {
  return formatInstant(instant).slice(0, 19).replace('T', ' ');
}

export function valueAt(row: Row, field: string): string {
  return row.find(([name]) => name === field)?.[1] ?? '';
}

function dayStart(date: CalendarDate | undefined): string {
  return date === undefined ? '' : `${date} 00:00:00`;
}

function regionOf(institution: WorldInstitution): string {
  return institution.regionAt['public-security'] ?? institution.region;
}

/** Without the province character and without a closing 挂, 学 or 警. */
function shortPlate({ plate }: WorldVehicle): string {
  return plate.replace(/^\p{Script=Han}/u, '').replace(/[挂学警]$/u, '');
}

function pick(list: readonly string[], index: number): string {
  return list[index % list.length] ?? '';
}
