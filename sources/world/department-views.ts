/** The different words departments hold about a generated institution. */
import type { Life } from './life.ts';
import { withHalfWidthBrackets, withoutLegalForm } from './names.ts';
import { Dice } from './random.ts';
import { RETIRED_COUNTY_CODES, RETIRED_PREFECTURE_CODES } from './regions.ts';
import { SPECIAL_INDEXES } from './special-indexes.ts';
import type { WorldDepartment, WorldInstitution, WorldStatus } from './types.ts';

/** How often the words differ; each is a probability per institution and department that knows it. */
export const INCONSISTENCY_RATES = {
  /** Half-width brackets in a name that is registered with full-width ones. */
  halfWidthBrackets: 0.6,
  /** The name without 有限公司. */
  nameWithoutLegalForm: 0.04,
  /** The name before the last change. */
  formerName: 0.03,
  /** The county code of before a merger, where the county has one. */
  retiredCountyCode: 0.35,
  /** The code of a prefecture that no longer exists, where there is one. */
  retiredPrefectureCode: 0.05,
  address: 0.06,
  /** Transport rows without the credit code; per institution. */
  codeMissingAtTransport: 0.05,
  /** Public security still lists a body as normal whose certificate has ended or is suspended; per such body. */
  policeNotInformed: 0.5,
  /** Public security has an end date of the CMA certificate that is no longer true; per institution. */
  policeCertificateOutdated: 0.08,
} as const;

/** Status codes of the police filing (18C01 zt). */
export type PoliceStatus = '0' | '1' | '2' | '3' | '4';

type Views = Pick<WorldInstitution, 'nameAt' | 'regionAt' | 'addressAt' | 'statusAt' | 'codeMissingAt'>;

interface ViewedInstitution {
  readonly index: number;
  readonly life: Life;
  readonly name: string;
  readonly formerName: string;
  readonly region: string;
  readonly address: string;
  readonly localNumbers: WorldInstitution['localNumbers'];
}

const NOTHING: Readonly<Record<string, never>> = Object.freeze({});
const NO_DEPARTMENTS: readonly WorldDepartment[] = Object.freeze([]);

/** What each department that knows the institution holds differently. */
export function departmentViews(seed: number, subject: ViewedInstitution): Views {
  const dice = new Dice(seed, subject.index, 'views');
  const nameAt: Partial<Record<WorldDepartment, string>> = {};
  const regionAt: Partial<Record<WorldDepartment, string>> = {};
  const addressAt: Partial<Record<WorldDepartment, string>> = {};
  const shared = (SPECIAL_INDEXES.sameNameSameRegion as readonly number[]).includes(subject.index);
  for (const department of knownTo(subject.localNumbers)) {
    const name = shared ? subject.name : nameVariant(dice, subject);
    if (name !== subject.name) nameAt[department] = name;
    const region = shared ? subject.region : regionVariant(dice, subject.region);
    if (region !== subject.region) regionAt[department] = region;
    if (dice.chance(INCONSISTENCY_RATES.address)) addressAt[department] = addressVariant(dice, subject.address);
  }
  const codeMissing = dice.chance(INCONSISTENCY_RATES.codeMissingAtTransport) || shared;
  return {
    nameAt: orNothing(nameAt),
    regionAt: orNothing(regionAt),
    addressAt: orNothing(addressAt),
    statusAt: orNothing(statusAt(seed, subject)),
    codeMissingAt: codeMissing && subject.localNumbers.transport !== null ? ['transport'] : NO_DEPARTMENTS,
  };
}

/** The status under which public security has filed a generated vehicle inspection body. */
export function policeStatusOf(seed: number, index: number, life: Life): PoliceStatus {
  const outcome = life.cma?.outcome ?? 'VALID';
  if (outcome === 'VALID') return '1';
  if (new Dice(seed, index, 'police-status').chance(INCONSISTENCY_RATES.policeNotInformed)) return '1';
  if (outcome === 'EXPIRED') return '4';
  return outcome === 'RECTIFYING' || outcome === 'SUSPENDED' ? '2' : '0';
}

/** What a police status says about the institution itself. */
const MEANING: Readonly<Record<PoliceStatus, WorldStatus>> = {
  '0': 'REVOKED',
  '1': 'ACTIVE',
  '2': 'SUSPENDED',
  '3': 'ACTIVE',
  '4': 'SUSPENDED',
};

function statusAt(seed: number, { index, life, localNumbers }: ViewedInstitution): Views['statusAt'] {
  if (localNumbers.publicSecurity === null) return {};
  const status = MEANING[policeStatusOf(seed, index, life)];
  return status === life.status ? {} : { 'public-security': status };
}

function knownTo({ ecology, transport, publicSecurity }: WorldInstitution['localNumbers']): WorldDepartment[] {
  const known: WorldDepartment[] = [];
  if (ecology !== null) known.push('ecology');
  if (transport !== null) known.push('transport');
  if (publicSecurity !== null) known.push('public-security');
  return known;
}

function nameVariant(dice: Dice, { name, formerName }: ViewedInstitution): string {
  if (dice.chance(INCONSISTENCY_RATES.formerName)) return formerName;
  if (dice.chance(INCONSISTENCY_RATES.nameWithoutLegalForm)) return withoutLegalForm(name);
  return dice.chance(INCONSISTENCY_RATES.halfWidthBrackets) ? withHalfWidthBrackets(name) : name;
}

function regionVariant(dice: Dice, region: string): string {
  const county = RETIRED_COUNTY_CODES[region];
  if (county !== undefined && dice.chance(INCONSISTENCY_RATES.retiredCountyCode)) return county;
  const prefecture = RETIRED_PREFECTURE_CODES[region.slice(0, 4)];
  return prefecture !== undefined && dice.chance(INCONSISTENCY_RATES.retiredPrefectureCode) ? prefecture : region;
}

function addressVariant(dice: Dice, address: string): string {
  const tail = dice.pick(['（原示例厂区）', '附1号', '一楼']);
  return dice.chance(0.5) ? address.replace('贵州省', '') : address + tail;
}

/** One shared empty object instead of tens of thousands. */
function orNothing<T extends object>(views: T): T {
  return Object.keys(views).length === 0 ? (NOTHING as T) : views;
}
