/** What a department's system asks the graph about notices, and how it reads the answers. */
import { z } from 'zod';
import { addDays, calendarDateOf } from '../../../schema/time/calendar-date.ts';
import { until, type Answer, type User } from './story-hub.ts';

/** A vehicle inspection station (domain reference 1.4). */
export const INSTITUTION_A = '91520115MAYDM00198';

export const SHOWN = `
  id number version state closedAt endReason signedText signature { algorithm keyId value }
  timeline { kind department { id } detail actor }
  deliveries(allVersions: true) {
    id version superseded state overdue returnReason signedAt liftConfirmedAt
    department { id }
    attempts { message channel outcome detail receiptNumber }
    feedback { measureId result caseCount }
  }`;

const Department = z.object({ id: z.string() });
const Delivery = z.object({
  id: z.string(),
  version: z.number(),
  superseded: z.boolean(),
  state: z.string(),
  overdue: z.boolean(),
  returnReason: z.string().nullable(),
  signedAt: z.string().nullable(),
  liftConfirmedAt: z.string().nullable(),
  department: Department,
  attempts: z.array(
    z.object({
      message: z.string(),
      channel: z.string(),
      outcome: z.string(),
      detail: z.string().nullable(),
      receiptNumber: z.string().nullable(),
    }),
  ),
  feedback: z.array(z.object({ measureId: z.string(), result: z.string(), caseCount: z.number() })),
});
const Notice = z.object({
  id: z.string(),
  number: z.string(),
  version: z.number(),
  state: z.string(),
  closedAt: z.string().nullable(),
  endReason: z.string().nullable(),
  signedText: z.string(),
  signature: z.object({ algorithm: z.enum(['SM2_SM3', 'ED25519']), keyId: z.string(), value: z.string() }),
  timeline: z.array(
    z.object({
      kind: z.string(),
      department: Department.nullable(),
      detail: z.string().nullable(),
      actor: z.string().nullable(),
    }),
  ),
  deliveries: z.array(Delivery),
});
export type ShownNotice = z.infer<typeof Notice>;
export type ShownDelivery = z.infer<typeof Delivery>;

/** @throws when the answer has errors or no notice under this field */
export function noticeIn({ data, errors }: Answer, field: string): ShownNotice {
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '));
  return Notice.parse(data?.[field]);
}

/** What is decided about INST-A; whatever is not said is the same every time. */
export const decision = (now: Date, over: object = {}) => ({
  decisionNumber: '示市监罚〔2026〕17号',
  decidedOn: calendarDateOf(now),
  severity: 'SERIOUS',
  listType: 'SERIOUS_MR',
  factsSummary: '未经检验出具机动车检验报告(示例)',
  measures: [{ measureId: 'M204' }],
  startDate: calendarDateOf(now),
  endDate: addDays(calendarDateOf(now), 365),
  recipients: [{ department: 'ecology' }],
  ...over,
});

export const ISSUE = `mutation Issue($input: IssueNoticeInput!) { issueNotice(input: $input) { ${SHOWN} } }`;

export const read = async (user: User, id: string): Promise<ShownNotice> =>
  noticeIn(await user.ask(`query Read($id: ID!) { notice(id: $id) { ${SHOWN} } }`, { id }), 'notice');

/** Waits until the notice is as it should be. */
export const readUntil = (user: User, id: string, isSo: (notice: ShownNotice) => boolean): Promise<ShownNotice> =>
  until(() => read(user, id), isSo);

/** @throws when the notice has no such delivery */
export function deliveryTo({ deliveries }: ShownNotice, departmentId: string, version?: number): ShownDelivery {
  const own = deliveries.findLast(
    (each) => each.department.id === departmentId && (version === undefined || each.version === version),
  );
  if (own === undefined) throw new Error(`nothing goes to ${departmentId}`);
  return own;
}

export const kindsOf = ({ timeline }: ShownNotice): readonly string[] => timeline.map(({ kind }) => kind);
