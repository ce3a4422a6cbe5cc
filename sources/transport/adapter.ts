/**
 * Transport's reads (wire-formats C, E.3; domain reference 6.3): every read is one SQL statement for the batch, every
 * page of a feed another.
 */
import type { DocumentNode } from 'graphql';
import { calendarDateOf } from '../../schema/time/calendar-date.ts';
import type { AdapterCall, DraftSet, SourceAdapter } from '../kit/adapter.ts';
import type { Condition } from '../kit/mesh-handlers/exchange-database/condition.ts';
import { readRows, withoutDuplicates, type RowReader } from '../kit/read-rows.ts';
import { inspectionsOf, penaltiesOf, reportNumbered, reportsOf, stationOf } from './conditions.ts';
import { recordIdOf, rowsPerCondition } from './envelope.ts';
import { toFiling, toInstitution, toPenalty, toReport, toRoadTest } from './map.ts';
import { transportNotices } from './notices.ts';
import { transportFeeds } from './feed.ts';
import { PENALTIES, PING, STATIONS, TESTS } from './operations.ts';
import { PenaltyWire, StationWire, TestWire } from './wire.ts';
import { transportAcknowledgements } from './write-back.ts';

interface Identified {
  readonly sourceRecordId: string;
}

export function createTransportAdapter(): SourceAdapter {
  return {
    institutions: (requests, call) =>
      readEach(call, STATIONS, requests, stationOf, ({ creditCode }) => ({
        wire: StationWire,
        toDraft: (row: StationWire) => toInstitution(row, creditCode),
        recordIdOf,
      })),

    qualifications(requests, call) {
      const today = calendarDateOf(new Date());
      return readEach(call, STATIONS, requests, stationOf, () => ({
        wire: StationWire,
        toDraft: (row: StationWire) => toFiling(row, today),
        recordIdOf,
      }));
    },

    async inspections(requests, call) {
      const sets = await readEach(call, TESTS, requests, inspectionsOf, () => ({
        wire: TestWire,
        toDraft: toRoadTest,
        recordIdOf,
      }));
      return sets.map((set) => newestFirst(set, ({ startedAt }) => startedAt.getTime()));
    },

    async reports(requests, call) {
      const sets = await readEach(call, TESTS, requests, reportsOf, ({ creditCode }) => ({
        wire: TestWire,
        toDraft: (row: TestWire) => toReport(row, creditCode),
        recordIdOf,
      }));
      return sets.map((set) => newestFirst(set, ({ issuedOn }) => issuedOn));
    },

    reportsByNumber: (requests, call) =>
      readEach(call, TESTS, requests, reportNumbered, () => ({
        wire: TestWire,
        toDraft: (row: TestWire) => toReport(row, null),
        recordIdOf,
      })),

    async penalties(requests, call) {
      const sets = await readEach(call, PENALTIES, requests, penaltiesOf, () => ({
        wire: PenaltyWire,
        toDraft: toPenalty,
        recordIdOf,
      }));
      return sets.map((set) => newestFirst(set, ({ decidedOn }) => decidedOn));
    },

    changes: transportFeeds,
    acknowledge: transportAcknowledgements,
    notices: transportNotices,

    async ping(call) {
      rowsPerCondition(await call.execute(PING, {}), 1);
    },
  };
}

/** Runs one operation for the whole batch; each record once. */
async function readEach<R, W, D extends Identified>(
  call: AdapterCall,
  operation: DocumentNode,
  requests: readonly R[],
  conditionOf: (request: R) => Condition,
  readerFor: (request: R) => RowReader<W, D>,
): Promise<DraftSet<D>[]> {
  if (requests.length === 0) return [];
  const data = await call.execute(operation, { conditions: requests.map(conditionOf) });
  const answers = rowsPerCondition(data, requests.length);
  return requests.map((request, index) => {
    const set = readRows(answers[index] ?? [], readerFor(request));
    return withoutDuplicates(set, (draft) => draft.sourceRecordId);
  });
}

/** Latest first, ties by record id; the limit has been applied by the database in the same order. */
function newestFirst<D extends Identified>(
  { drafts, malformed }: DraftSet<D>,
  timeOf: (draft: D) => number | string,
): DraftSet<D> {
  const compare = (left: number | string, right: number | string): number =>
    left === right ? 0 : left < right ? 1 : -1;
  return {
    drafts: drafts.toSorted(
      (left, right) => compare(timeOf(left), timeOf(right)) || compare(left.sourceRecordId, right.sourceRecordId),
    ),
    malformed,
  };
}
