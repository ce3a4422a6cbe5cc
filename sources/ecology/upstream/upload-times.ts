/** When the platform received tests and reports, by its own clock: yyyyMMddHHmmss. */
import type { WorldInstitution } from '../../world/types.ts';
import { compactTime } from './format.ts';

/** On that night the platform took the records of its predecessor over, one station after another. */
const TAKE_OVER = new Date('2026-03-29T00:00:00+08:00');
const TAKE_OVER_TEXT = compactTime(TAKE_OVER);

/** Older records bear the time of their station's take-over; since then records come as they are made. */
export function takenOver(madeAt: string, { index }: WorldInstitution): string {
  return madeAt < TAKE_OVER_TEXT ? compactTime(TAKE_OVER, index) : madeAt;
}

/** Monitoring is uploaded with its report: on the evening of a day that has no time. @param reportDate of the register */
export function whenReported(reportDate: string): string {
  const digits = reportDate.replaceAll(/\D/g, '');
  return digits.endsWith('000000') ? `${digits.slice(0, 8)}180000` : digits;
}
