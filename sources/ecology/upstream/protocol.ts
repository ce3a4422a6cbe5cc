/** The platform's envelope, authorisation and refusals, and the faults that live inside the protocol. */
import { z } from 'zod';
import type { FaultCommand } from '../../kit/upstream/faults.ts';
import type { RecordElement } from '../operations.ts';
import { compactTime } from './format.ts';
import { withUnstableKeys, type OutgoingRecord, type Row } from './rows.ts';

export const UpstreamRequestBody = z.object({
  jkid: z.string(),
  jksqm: z.string(),
  data: z.array(z.object({ body: z.array(z.record(z.string(), z.string().nullish())) })),
});

/** The text of a reply that serves nothing. */
export function refusal(code: string, message: string): string {
  return JSON.stringify({ code, message, responseTime: compactTime(new Date()) });
}

export interface ConditionAnswer {
  readonly conditionNumber: string;
  readonly records: readonly OutgoingRecord[];
  /** What results of changes have beside their records. */
  readonly position?: { readonly total: string; readonly lasttime: string; readonly lastid: string };
}

/** The text of a reply, with the unstable spelling of its records and the fault that is switched on. */
export function reply(answers: readonly ConditionAnswer[], fault: FaultCommand | null): string {
  let isFirst = true;
  const bodyOf = (records: readonly OutgoingRecord[]): object[] =>
    records.map(({ element, row }) => {
      const drifts = fault?.kind === 'schema-drift' && (fault.scope === 'all' || isFirst);
      isFirst = false;
      return { [element]: withUnstableKeys(drifts ? drifted(element, row) : row) };
    });
  const result = answers.map(({ conditionNumber, records, position }) => {
    const body = bodyOf(records);
    const sent = fault?.kind === 'duplicate-rows' ? body.flatMap((each) => [each, each]) : body;
    return {
      conditionno: conditionNumber,
      ...position,
      body: fault?.kind === 'out-of-order' ? sent.toReversed() : sent,
    };
  });
  return JSON.stringify({
    code: '200',
    message: '成功',
    responseTime: compactTime(new Date()),
    result: fault?.kind === 'out-of-order' ? result.toReversed() : result,
  });
}

/** The key that another version of the platform calls differently. */
const RENAMED: Readonly<Record<RecordElement, readonly [documented: string, renamed: string]>> = {
  station: ['StationName', 'StationTitle'],
  line: ['TestLineNo', 'LineCode'],
  device: ['testdevicetype', 'devicecategory'],
  insp: ['Teststime', 'TestBegin'],
  task: ['Teststime', 'TestBegin'],
  process: ['Samples', 'SampleList'],
  report: ['ReportDate', 'IssueTime'],
  punish: ['DecideDate', 'PunishTime'],
  sync: ['synctime', 'servertime'],
};

function drifted(element: RecordElement, row: Row): Row {
  const [documented, renamed] = RENAMED[element];
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key === documented ? renamed : key, value]));
}
