/** Rows of QZ_XZCF: penalties that the department has decided, in 万元. */
import { addDays, startOfDay } from '../../../schema/time/calendar-date.ts';
import type { World, WorldInstitution, WorldPenalty } from '../../world/types.ts';
import { control, openEnd, plusMinutes, slashedDay, wanYuan, type Cells } from './format.ts';
import { nameOf, organizationCodeOf } from './station-rows.ts';

function penaltyRow(institution: WorldInstitution, penalty: WorldPenalty, ordinal: number): Cells {
  const { index, creditCode, codeMissingAt, localNumbers } = institution;
  return {
    ID: `CF${String(index).padStart(5, '0')}${ordinal}`,
    JCJGBH: localNumbers.transport,
    CF_XDR_MC: nameOf(institution),
    CF_XDR_LB: '法人及非法人组织',
    CF_XDR_SHXYM: codeMissingAt.includes('transport') ? null : creditCode,
    CF_XDR_ZZJG: organizationCodeOf(institution),
    CF_FRDB: institution.legalRepresentative,
    CF_WSH: penalty.documentNumber.replace('〔', '[').replace('〕', ']'),
    CF_WFXW: penalty.violation,
    CF_SY: penalty.facts,
    CF_YJ: penalty.basis,
    CF_CFLB: penalty.categories.join(';'),
    CF_NR: penalty.content,
    CF_NR_FK: penalty.fineFen === null ? null : wanYuan(penalty.fineFen),
    CF_NR_WFFF: penalty.confiscatedFen === null ? null : wanYuan(penalty.confiscatedFen),
    CF_JDRQ: slashedDay(penalty.decidedOn),
    CF_GSRQ: slashedDay(penalty.publishedFrom),
    CF_GSJZQ: penalty.publishedTo === null ? openEnd(index) : slashedDay(penalty.publishedTo),
    CF_CFJG: penalty.authority,
    CF_CFJGDM: penalty.authorityCode,
  };
}

/**
 * The penalties of an institution. Beside each organisation's row stands one of the person responsible, filed under
 * the organisation's code, and one that was decided by mistake and withdrawn.
 */
export function penaltyRows(world: World, institution: WorldInstitution): Cells[] {
  return world
    .penaltiesOf(institution)
    .filter(({ heldBy }) => heldBy === 'transport')
    .flatMap((penalty, ordinal) => {
      const row = penaltyRow(institution, penalty, ordinal);
      const writtenAt = plusMinutes(startOfDay(addDays(penalty.decidedOn, 2)), 600);
      const id = String(row['ID']);
      return [
        { ...row, ...control('I', writtenAt) },
        {
          ...row,
          ID: `${id}P`,
          CF_XDR_MC: institution.legalRepresentative,
          CF_XDR_LB: '自然人',
          CF_XDR_ZJHM: '529999199001010019',
          CF_WSH: `${penalty.documentNumber}之一`,
          ...control('I', writtenAt),
        },
        { ...row, ID: `${id}X`, CF_WSH: `${penalty.documentNumber}误`, ...control('I', writtenAt) },
        { ID: `${id}X`, ...control('D', plusMinutes(writtenAt, 1440)) },
      ];
    });
}
