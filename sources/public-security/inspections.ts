/** Verdicts: what to ask for, and how the rows of one batch come back to its requests. */
import type { InspectionRequest } from '../../schema/ports.ts';
import type { VehicleSafetyInspectionRecord } from '../../schema/records.ts';
import type { Draft, DraftSet } from '../kit/adapter.ts';
import { codeOfVerdict } from './codes.ts';
import type { Condition } from './envelope.ts';
import { wallTime } from './wall-time.ts';

type InspectionDraft = Draft<VehicleSafetyInspectionRecord>;

const SECOND_MS = 1000;

/** One condition per local number; kssj and jssj bound the start of the inspection, zdhs limits the newest rows. */
export function conditionsOf(request: InspectionRequest): Condition[] {
  const { from, to, vin, result, limit } = request;
  return request.localIds.map((jyjgbh) => ({
    jyjgbh,
    // The gateway counts whole seconds: the first one within the window, and the last one.
    kssj: from === null ? '' : wallTime(new Date(Math.ceil(from.getTime() / SECOND_MS) * SECOND_MS)),
    jssj: to === null ? '' : wallTime(to),
    clsbdh: vin === null ? '' : normalised(vin),
    jyjgpd: result ? (codeOfVerdict(result) ?? '') : '',
    zdhs: String(limit),
  }));
}

/**
 * The answer to one request out of its stations' rows in the whole batch. Another request of the batch may have asked
 * the same station for other days, so the window, the vehicle and the limit are applied once more: the newest rows of
 * a larger set that fit the request are the newest rows that fit the request.
 */
export function selectFor(request: InspectionRequest, set: DraftSet<InspectionDraft>): DraftSet<InspectionDraft> {
  const { from, to, result, limit } = request;
  const vin = request.vin === null ? null : normalised(request.vin);
  const drafts = set.drafts
    .filter((draft) => from === null || draft.startedAt >= from)
    .filter((draft) => to === null || draft.startedAt <= to)
    .filter((draft) => vin === null || draft.vehicle?.vin === vin)
    .filter((draft) => !result || draft.result === result)
    .toSorted(newestFirst)
    .slice(0, limit);
  return { drafts, malformed: set.malformed };
}

/** Equal instants are ordered by number, so that the same rows always give the same answer. */
function newestFirst(left: InspectionDraft, right: InspectionDraft): number {
  const difference = right.startedAt.getTime() - left.startedAt.getTime();
  if (difference !== 0) return difference;
  return right.sourceRecordId < left.sourceRecordId ? -1 : Number(right.sourceRecordId > left.sourceRecordId);
}

function normalised(vin: string): string {
  return vin.trim().toUpperCase();
}
