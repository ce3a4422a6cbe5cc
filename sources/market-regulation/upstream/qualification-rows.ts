/** All versions of an institution's qualifications, with capability schedules and signatories. */
import { formatInstant } from '../../../schema/time/instant.ts';
import type { World, WorldCapability, WorldInstitution, WorldQualification } from '../../world/types.ts';
import { wallTime } from './native.ts';
import type { WireRow } from './native.ts';

const CERTTYPE: Readonly<Record<WorldQualification['scheme'], string>> = {
  CMA: '1',
  CNAS: '2',
  CCC_DESIGNATION: '3',
  CERTIFICATION_APPROVAL: '4',
};

export const CERTSTATE: Readonly<Record<WorldQualification['status'], readonly [string, string]>> = {
  VALID: ['1', '有效'],
  CANCELLED: ['2', '注销'],
  REVOKED: ['3', '撤销'],
  EXPIRED: ['4', '过期'],
  SUSPENDED: ['5', '暂停'],
  RECTIFYING: ['5', '责令整改'],
};

/** One table per address (domain reference 2.4). */
function sitesOf(scope: readonly WorldCapability[]): WireRow[] {
  const bySite = new Map<string, WorldCapability[]>();
  for (const item of scope) bySite.set(item.site, [...(bySite.get(item.site) ?? []), item]);
  return [...bySite].map(([address, items], index) => ({
    SITENO: String(index + 1),
    ADDR: address,
    ITEMS: items.map(capabilityRow),
  }));
}

export function capabilityRow({ itemNumber, object, parameter, standard, restriction }: WorldCapability): WireRow {
  return { ITEMNO: itemNumber, OBJECT: object, PARAM: parameter, STANDARD: standard, LIMIT: restriction ?? '' };
}

/** CERTID of a version. */
export function certIdOf({ creditCode }: WorldInstitution, version: WorldQualification): string {
  return `${creditCode.slice(8, 17)}-${version.scheme}-${version.number}-${version.version}`;
}

function qualificationRow(institution: WorldInstitution, version: WorldQualification): WireRow {
  const [code, word] = CERTSTATE[version.status];
  return {
    CERTID: certIdOf(institution, version),
    UNISCID: institution.creditCode,
    CERTTYPE: CERTTYPE[version.scheme],
    CERTNO: version.number,
    VERNO: version.version,
    CERTSTATE: code,
    CERTSTATE_CN: word,
    ISSUEDATE: version.issuedOn,
    VALIDTO: version.validTo,
    ISSUEORG: '520000',
    ISSUEORG_CN: version.issuer,
    EMERGFLAG: version.emergencyChannel ? '1' : '0',
    VALIDFROMTIME: wallTime(version.effectiveFrom),
    VALIDTOTIME: version.effectiveTo === null ? '' : wallTime(version.effectiveTo),
    RECORDTIME: wallTime(version.recordedAt),
    SUPERSEDETIME: version.supersededAt === null ? null : wallTime(version.supersededAt),
    UPDATETIME: formatInstant(version.supersededAt ?? version.recordedAt),
    SITES: sitesOf(version.scope),
    SIGNERS: version.signatories.map(({ name, fields }) => ({ NAME: name, FIELDS: fields })),
  };
}

export function qualificationRows(world: World, institution: WorldInstitution): WireRow[] {
  return world.qualificationsOf(institution).map((version) => qualificationRow(institution, version));
}
