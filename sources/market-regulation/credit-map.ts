/** From penalty rows and list entries to drafts; pure. */
import { normaliseCaseNumber } from '../../schema/codes/case-number.ts';
import type { ListEntryRecord, PenaltyRecord } from '../../schema/records.ts';
import type { Draft } from '../kit/adapter.ts';
import { wanYuanTextToFen } from '../kit/money.ts';
import { readNativeDate, readNativeEndDate, readNativeInstant } from '../kit/native-dates.ts';
import { field, MalformedField } from '../kit/read-rows.ts';
import { abnormalReasonOf, decisionStands, isSet } from './codes.ts';
import type { ListEntryWire, Penalty2015Wire, Penalty2021Wire, PenaltyWire } from './credit-wire.ts';
import { optionalField, requiredDate } from './map.ts';

/** Categories joined by `;`. Not by `、`: 没收违法所得、没收非法财物 is one category. */
function categoriesOf(...texts: readonly (string | null)[]): string[] {
  const categories = texts.flatMap((text) => (text ?? '').split(/[;；]/)).map((category) => category.trim());
  return [...new Set(categories.filter((category) => category !== ''))];
}

function shared(wire: Penalty2021Wire | Penalty2015Wire) {
  return {
    documentNumber: normaliseCaseNumber(wire.CF_WSH),
    basis: wire.CF_YJ,
    decidedOn: requiredDate('CF_JDRQ', wire.CF_JDRQ),
    // Neither layout grades in the classes of the credit-repair rules (domain reference 3.5).
    severity: null,
    publishedFrom: optionalField('CF_GSRQ', wire.CF_GSRQ, readNativeDate),
    publishedTo: optionalField('CF_GSJZQ', wire.CF_GSJZQ, readNativeEndDate),
    sourceRecordId: wire.ID,
  };
}

function of2021(wire: Penalty2021Wire): Draft<PenaltyRecord> {
  return {
    ...shared(wire),
    authority: wire.CF_CFJG,
    categories: categoriesOf(wire.CF_CFLB),
    reason: wire.CF_WFXW,
    facts: wire.CF_SY,
    fineFen: optionalField('CF_NR_FK', wire.CF_NR_FK, wanYuanTextToFen),
    confiscatedFen: optionalField('CF_NR_WFFF', wire.CF_NR_WFFF, wanYuanTextToFen),
    asOf: optionalField('XGSJ', wire.XGSJ, readNativeInstant),
  };
}

function of2015(wire: Penalty2015Wire): Draft<PenaltyRecord> {
  return {
    ...shared(wire),
    authority: wire.CF_XZJG,
    categories: categoriesOf(wire.CF_CFLB1, wire.CF_CFLB2),
    reason: wire.CF_SY,
    // Amounts stand in the words of CF_JG only; reading them out of prose would be guessing.
    fineFen: null,
    confiscatedFen: null,
    asOf: optionalField('SJC', wire.SJC, readNativeInstant),
  };
}

/** @returns null for natural persons, whom the hub does not keep, and for decisions that were withdrawn (CF_ZT 1) */
export function toPenalty(wire: PenaltyWire): Draft<PenaltyRecord> | null {
  switch (wire.layout) {
    case 'natural person':
      return null;
    case '2021':
      return of2021(wire);
    case '2015':
      return field('CF_ZT', () => decisionStands(wire.CF_ZT)) ? of2015(wire) : null;
  }
}

/** Neither list names an update time. Entries that have ended keep the day of their removal. */
export function toListEntry(wire: ListEntryWire): Draft<ListEntryRecord> {
  const removedOn = optionalField('REMDATE', wire.REMDATE, readNativeEndDate);
  const entry = {
    listedOn: requiredDate('ABNTIME', wire.ABNTIME),
    authority: wire.DECORG_CN,
    removedOn,
    asOf: null,
  };
  if (wire.layout === 'serious') {
    return { ...entry, listType: 'SERIOUS_MR', reason: wire.SERILLREA_CN, sourceRecordId: wire.ILLID };
  }
  // Without its day a removed entry would look like one that still stands.
  if (removedOn === null && field('ISMOVE', () => isSet(wire.ISMOVE))) {
    throw new MalformedField('REMDATE', 'is missing although ISMOVE says that the entry was removed');
  }
  const reason = wire.SPECAUSE_CN ?? optionalField('SPECAUSE', wire.SPECAUSE, abnormalReasonOf);
  if (reason === null) throw new MalformedField('SPECAUSE', 'is missing, and its word too');
  return { ...entry, listType: 'ABNORMAL', reason, sourceRecordId: wire.BUSEXCLIST };
}
