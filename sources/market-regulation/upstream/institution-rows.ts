/** The register's own words about an institution. */
import { formatInstant } from '../../../schema/time/instant.ts';
import type { World, WorldInstitution, WorldKind, WorldQualification, WorldStatus } from '../../world/types.ts';
import { codeFlag } from './native.ts';
import type { WireRow } from './native.ts';

const ORGKIND: Readonly<Record<WorldKind, string>> = {
  CERTIFICATION_BODY: '01',
  INSPECTION_TESTING_BODY: '02',
  VEHICLE_INSPECTION_BODY: '03',
  ENV_MONITORING_BODY: '04',
  MEDICAL_DEVICE_INSPECTION_BODY: '05',
  CARBON_VERIFICATION_BODY: '06',
  CARBON_TESTING_BODY: '07',
  FOOD_AGRI_TESTING_BODY: '08',
  OTHER: '99',
};

/** Code, and the word that some offices send in its place. */
const OPSTATE: Readonly<Record<WorldStatus, readonly [string, string]>> = {
  ACTIVE: ['1', '在营（开业）企业'],
  REVOKED: ['2', '吊销，未注销'],
  DEREGISTERED: ['3', '注销'],
  SUSPENDED: ['5', '歇业'],
};

/** Which rows show an oddity, so that it is found in every world of some size. */
const WORD_FOR_STATE = { every: 7, at: 3 };
const OLD_NUMBER_TOO = { every: 10, at: 4 };
const shows = (oddity: { every: number; at: number }, index: number): boolean => index % oddity.every === oddity.at;

/** What this register holds, which need not be what is true. */
export function heldBy(institution: WorldInstitution) {
  const { nameAt, regionAt, addressAt, statusAt } = institution;
  return {
    name: nameAt['market-regulation'] ?? institution.name,
    region: regionAt['market-regulation'] ?? institution.region,
    address: addressAt['market-regulation'] ?? institution.address,
    status: statusAt['market-regulation'] ?? institution.status,
  };
}

export const orgKindsOf = ({ kinds }: WorldInstitution): string[] => kinds.map((kind) => ORGKIND[kind]);

/** The CMA versions that are believed now, from the newest to the oldest. */
function cmaVersions(world: World, institution: WorldInstitution): WorldQualification[] {
  return world
    .qualificationsOf(institution)
    .filter(({ scheme, supersededAt }) => scheme === 'CMA' && supersededAt === null)
    .sort((left, right) => right.effectiveFrom.getTime() - left.effectiveFrom.getTime());
}

function cmaOf(world: World, institution: WorldInstitution): WireRow | null {
  const versions = cmaVersions(world, institution);
  const [current] = versions;
  if (current === undefined) return null;
  const numbers = [...new Set(versions.map(({ number }) => number))];
  if (shows(OLD_NUMBER_TOO, institution.index)) numbers.push(`(2014)量认(黔)字(Z${institution.index + 1000})号`);
  return { CERTNO: numbers.join('、'), VALIDTO: current.validTo };
}

export function institutionRow(world: World, institution: WorldInstitution): WireRow {
  const { name, region, address, status } = heldBy(institution);
  const [code, word] = OPSTATE[status];
  return {
    UNISCID: institution.creditCode,
    CODEFLAG: codeFlag(institution.creditCode),
    ENTNAME: name,
    ENTTYPE: institution.creditCode.startsWith('91') ? '1130' : '9700',
    ORGKIND: orgKindsOf(institution).join(','),
    LEREP: institution.legalRepresentative,
    TEL: institution.contactPhone,
    REGORG: region,
    ESTDATE: institution.establishedOn,
    OPSTATE: shows(WORD_FOR_STATE, institution.index) ? word : code,
    DOM: address,
    CMA: cmaOf(world, institution),
    UPDATETIME: formatInstant(institution.updatedAt),
  };
}
