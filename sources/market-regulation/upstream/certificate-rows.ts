/** Certificates by number, in the words of the national certificate platform (wire-formats D.3). */
import type { World, WorldCertificate, WorldInstitution } from '../../world/types.ts';
import { codeFlag, compact } from './native.ts';
import type { WireRow } from './native.ts';

const CERTKIND: Readonly<Record<WorldCertificate['scheme'], string>> = {
  MANAGEMENT_SYSTEM: '1',
  CCC: '2',
  CMA: '5',
  CERTIFICATION_APPROVAL: '6',
};

const CERTSTATUS: Readonly<Record<WorldCertificate['status'], string>> = {
  VALID: '有效',
  SUSPENDED: '暂停',
  REVOKED: '撤销',
  CANCELLED: '注销',
  EXPIRED: '过期失效',
};

function certificateRow(certificate: WorldCertificate): WireRow {
  return {
    CERTID: `ZS-${certificate.scheme}-${certificate.number}`,
    CERTKIND: CERTKIND[certificate.scheme],
    CERTNUMBER: certificate.number,
    CERTSTATUS: CERTSTATUS[certificate.status],
    HOLDNAME: certificate.holderName,
    HOLDUNISCID: certificate.holderCode ?? '',
    HOLDCODEFLAG: codeFlag(certificate.holderCode),
    ISSUNISCID: certificate.issuerCode ?? '',
    ISSCODEFLAG: codeFlag(certificate.issuerCode),
    FZRQ: compact(certificate.validFrom),
    DQRQ: compact(certificate.validTo),
  };
}

/** Those that it holds itself and those that it issued. */
export function certificateRowsOf(world: World, institution: WorldInstitution): WireRow[] {
  return world.certificatesOf(institution).map(certificateRow);
}

export function certificateRows(world: World, number: string): WireRow[] {
  const institution = world.institutionOfCertificate(number);
  if (institution === undefined) return [];
  return world
    .certificatesOf(institution)
    .filter((certificate) => certificate.number === number)
    .map(certificateRow);
}
