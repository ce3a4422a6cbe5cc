/** Penalties and list entries that have been repaired: neither shown, shared nor counted from that day on. Pure. */
import { normaliseCaseNumber } from '../codes/case-number.ts';
import type { ListEntryRecord, ListType, PenaltyRecord } from '../records.ts';
import type { CalendarDate } from '../time/calendar-date.ts';

/** What is repaired: a decision by its number, or an entry by its list and the day of listing. */
export type RepairTarget =
  | { readonly kind: 'PENALTY'; readonly documentNumber: string }
  | { readonly kind: 'LIST_ENTRY'; readonly listType: ListType; readonly listedOn: CalendarDate };

export interface Repaired {
  readonly repairId: string;
  readonly target: RepairTarget;
  readonly approvedOn: CalendarDate;
}

/** The same for whatever means the same record. */
export const targetKey = (target: RepairTarget): string =>
  target.kind === 'PENALTY'
    ? `PENALTY ${normaliseCaseNumber(target.documentNumber)}`
    : `LIST_ENTRY ${target.listType} ${target.listedOn}`;

export const isAbout = (target: RepairTarget, other: RepairTarget): boolean => targetKey(target) === targetKey(other);

export const penaltyTarget = ({ documentNumber }: Pick<PenaltyRecord, 'documentNumber'>): RepairTarget => ({
  kind: 'PENALTY',
  documentNumber,
});

export const listEntryTarget = ({
  listType,
  listedOn,
}: Pick<ListEntryRecord, 'listType' | 'listedOn'>): RepairTarget => ({
  kind: 'LIST_ENTRY',
  listType,
  listedOn,
});

/** The day from which it is repaired; null when it is not. */
export function repairedOn(target: RepairTarget, repairs: readonly Repaired[]): CalendarDate | null {
  const days = repairs.filter((repair) => isAbout(repair.target, target)).map(({ approvedOn }) => approvedOn);
  return days.sort()[0] ?? null;
}
