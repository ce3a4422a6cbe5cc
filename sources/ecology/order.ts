/** Orders that the hub promises; the platform's own order is not relied on. */
import type { ReportRecord } from '../../schema/records.ts';
import type { Draft } from '../kit/adapter.ts';

export const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

export const byRecordId = (
  left: { readonly sourceRecordId: string },
  right: { readonly sourceRecordId: string },
): number => byText(left.sourceRecordId, right.sourceRecordId);

/** The register has days and no times; within a day the numbers tell the order. */
export const latestReportFirst = (left: Draft<ReportRecord>, right: Draft<ReportRecord>): number =>
  byText(right.issuedOn, left.issuedOn) || byText(right.number, left.number) || byRecordId(left, right);
