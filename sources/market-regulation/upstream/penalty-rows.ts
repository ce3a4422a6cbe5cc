/** 双公示 penalty rows in both layouts, with the rows that the hub must not keep between them. */
import { startOfDay } from '../../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../../schema/time/calendar-date.ts';
import type { World, WorldInstitution, WorldPenalty } from '../../world/types.ts';
import { compactTime, slashed, wallTime } from './native.ts';
import type { WireRow } from './native.ts';

const FOREVER = '2099/12/31';
const FEN_PER_WAN_YUAN = 1_000_000;
/** Offices enter their decisions at this hour of the first day of publication. */
const ENTRY_MS = (10 * 60 + 25) * 60_000;
/** The brackets of document numbers as different typists write them. */
const BRACKETS = ['〔〕', '[]', '（）', '【】', '()'] as const;
/** Of these institutions one decision came with a row about a person, of those one decision was withdrawn later. */
const WITH_PERSON_EVERY = 2;
const WITH_WITHDRAWN_EVERY = 3;
/** The fictional identity card of domain reference 1.5. */
const FICTIONAL_IDENTITY = '529999199001010019';

/** 万元 with six decimals; the division is exact because one fen is the sixth decimal. */
function wanYuan(fen: number | null): string {
  return fen === null ? '' : (fen / FEN_PER_WAN_YUAN).toFixed(6);
}

function asTyped(documentNumber: string, typist: number): string {
  const [open = '〔', close = '〕'] = BRACKETS[typist % BRACKETS.length] ?? '〔〕';
  return documentNumber.replace('〔', open).replace('〕', close);
}

const enteredAt = (penalty: WorldPenalty): Date => new Date(startOfDay(penalty.publishedFrom).getTime() + ENTRY_MS);
const endOrForever = (date: CalendarDate | null): string => (date === null ? FOREVER : slashed(date));

function row2021(institution: WorldInstitution, penalty: WorldPenalty, place: number): WireRow {
  return {
    ID: `CF21${institution.creditCode.slice(8, 17)}${place}`,
    CF_XDR_MC: institution.name,
    CF_XDR_LB: '法人及非法人组织',
    CF_XDR_SHXYM: institution.creditCode,
    CF_XDR_GSZC: '',
    CF_XDR_ZZJG: '',
    CF_FRDB: institution.legalRepresentative,
    CF_FR_ZJHM: FICTIONAL_IDENTITY,
    CF_WSH: asTyped(penalty.documentNumber, institution.index + place),
    CF_WFXW: penalty.violation,
    CF_SY: penalty.facts,
    CF_YJ: penalty.basis,
    CF_CFLB: penalty.categories.join(';'),
    CF_NR: penalty.content,
    CF_NR_FK: wanYuan(penalty.fineFen),
    CF_NR_WFFF: wanYuan(penalty.confiscatedFen),
    CF_NR_ZKDX: '',
    CF_JDRQ: slashed(penalty.decidedOn),
    CF_YXQ: FOREVER,
    CF_GSRQ: slashed(penalty.publishedFrom),
    CF_GSJZQ: endOrForever(penalty.publishedTo),
    CF_CFJG: penalty.authority,
    CF_CFJGDM: penalty.authorityCode,
    CF_SJLY: penalty.authority,
    CF_SJLYDM: penalty.authorityCode,
    XGSJ: compactTime(enteredAt(penalty)),
    BZ: null,
  };
}

function row2015(institution: WorldInstitution, penalty: WorldPenalty, place: number): WireRow {
  const [first, ...others] = penalty.categories;
  return {
    ID: `CF15${institution.creditCode.slice(8, 17)}${place}`,
    CF_CFMC: `关于${institution.name}的行政处罚`,
    CF_AJMC: `${institution.name}${penalty.violation}案`,
    CF_BM: '',
    CF_XDR_MC: institution.name,
    CF_XDR_SHXYM: institution.creditCode,
    CF_XDR_GSDJ: '',
    CF_XDR_ZDM: institution.creditCode.slice(8, 17),
    CF_XDR_SFZ: '',
    CF_FR: institution.legalRepresentative,
    CF_WSH: asTyped(penalty.documentNumber, institution.index + place),
    CF_SY: penalty.violation,
    CF_YJ: penalty.basis,
    CF_CFLB1: first ?? '其他',
    CF_CFLB2: others.join(';'),
    CF_JG: penalty.content,
    CF_JDRQ: slashed(penalty.decidedOn),
    CF_GSRQ: slashed(penalty.publishedFrom),
    CF_GSJZQ: endOrForever(penalty.publishedTo),
    CF_XZJG: penalty.authority,
    CF_ZT: '0',
    CF_SYFW: '0',
    CF_SXYZCD: '',
    DFBM: institution.region,
    SJC: wallTime(enteredAt(penalty)),
    BZ: null,
  };
}

/** The same decision against the person in charge: personal data, and no number of an organisation. */
function personRow(institution: WorldInstitution, row: WireRow, layout: WorldPenalty['layout']): WireRow {
  const person = { ...row, ID: `${String(row['ID'])}P`, CF_XDR_MC: institution.legalRepresentative, CF_XDR_SHXYM: '' };
  return layout === '2021'
    ? { ...person, CF_XDR_LB: institution.index % 4 === 0 ? '自然人' : '01', CF_XDR_ZJHM: FICTIONAL_IDENTITY }
    : { ...person, CF_XDR_ZDM: '', CF_XDR_SFZ: FICTIONAL_IDENTITY };
}

export function penaltyRows(world: World, institution: WorldInstitution): WireRow[] {
  const penalties = world.penaltiesOf(institution).filter(({ heldBy }) => heldBy === 'market-regulation');
  const rows = penalties.map((penalty, place) =>
    penalty.layout === '2021' ? row2021(institution, penalty, place) : row2015(institution, penalty, place),
  );
  const [penalty] = penalties;
  const [row] = rows;
  if (penalty === undefined || row === undefined) return rows;
  if (institution.index % WITH_PERSON_EVERY === 0) rows.push(personRow(institution, row, penalty.layout));
  if (institution.index % WITH_WITHDRAWN_EVERY === 0) {
    const withdrawn = row2015(institution, penalty, penalties.length);
    rows.push({ ...withdrawn, CF_WSH: asTyped(`${penalty.documentNumber}-1`, 0), CF_ZT: '1' });
  }
  return rows;
}
