/** Abnormal and serious list in the national column names, two sets in one reply (wire-formats D.4). */
import type { World, WorldInstitution, WorldListEntry } from '../../world/types.ts';
import { compact } from './native.ts';
import type { WireRow } from './native.ts';

const FICTIONAL_IDENTITY = '529999198506150020';

function abnormalRow(institution: WorldInstitution, entry: WorldListEntry): WireRow {
  return {
    BUSEXCLIST: entry.id,
    PRIPID: `5200${institution.index}`,
    ENTNAME: institution.name,
    UNISCID: institution.creditCode,
    REGNO: '',
    LEREP: institution.legalRepresentative,
    CERTYPE: '10',
    CERNO: FICTIONAL_IDENTITY,
    SPECAUSE: entry.reasonCode,
    SPECAUSE_CN: entry.reason,
    ABNTIME: entry.listedOn,
    DECORG: '520000',
    DECORG_CN: entry.authority,
    REMEXCPRES: entry.removalReason === null ? '' : '1',
    REMEXCPRES_CN: entry.removalReason ?? '',
    REMDATE: entry.removedOn ?? '',
    REDECORG_CN: entry.removedOn === null ? '' : entry.authority,
    ISMOVE: entry.removedOn === null ? '0' : '1',
  };
}

function seriousRow(institution: WorldInstitution, entry: WorldListEntry): WireRow {
  return {
    ILLID: entry.id,
    PRIPID: `5200${institution.index}`,
    ENTNAME: institution.name,
    UNISCID: institution.creditCode,
    REGNO: '',
    NAME: institution.legalRepresentative,
    CERTYPE: '10',
    CERNO: FICTIONAL_IDENTITY,
    SERILLREA: entry.reasonCode,
    SERILLREA_CN: entry.reason,
    ABNTIME: compact(entry.listedOn),
    DECORG: '520000',
    DECORG_CN: entry.authority,
    DEDOCNUM: '',
    REMEXCPRES_CN: entry.removalReason ?? '',
    // This list writes the end that has not come as a placeholder.
    REMDATE: entry.removedOn === null ? '20991231' : compact(entry.removedOn),
    REDECORG_CN: entry.removedOn === null ? '' : entry.authority,
    RECORGNUM: '',
  };
}

export function listEntryRows(world: World, institution: WorldInstitution): WireRow[] {
  return world
    .listEntriesOf(institution)
    .map((entry) => (entry.list === 'ABNORMAL' ? abnormalRow(institution, entry) : seriousRow(institution, entry)));
}
