/** Messages about a notice as a recipient gets them, made by the notice's own commands. */
import type { Message } from '../../schema/delivery/message.ts';
import type { Envelope } from '../../schema/delivery/ports.ts';
import { publish } from '../../schema/notice/case.ts';
import { CHAIN_START, NoticeChange } from '../../schema/notice/change.ts';
import { begin } from '../../schema/notice/dispatch.ts';
import { lift, withdraw } from '../../schema/notice/end.ts';
import { envelopeOf } from '../../schema/notice/envelope.ts';
import type { Delivery, Notice, NoticeEnding } from '../../schema/notice/notice.ts';
import { parseCalendarDate } from '../../schema/time/calendar-date.ts';

export interface TestNotice {
  readonly deliveryId: string;
  readonly measureIds: readonly string[];
  readonly issued: Envelope;
  readonly lifted: Envelope;
  readonly withdrawn: Envelope;
}

const SIGNATURE = { algorithm: 'ED25519', keyId: 'market-regulation.1', value: 'c2lnbmF0dXJl+/8=' } as const;
const ISSUED_AT = new Date('2026-03-02T10:05:00+08:00');
let last = 0;

function unpublished(id: string, recipientId: string, measureIds: readonly string[]): Notice {
  const content: Notice['versions'][number]['content'] = {
    decisionNumber: '示市监罚〔2026〕17号',
    decidedOn: parseCalendarDate('2026-02-20'),
    listType: 'SERIOUS_MR',
    severity: 'SERIOUS',
    factsSummary: '未经检验出具报告；设备𠮷号未检定，含"引号"与\\反斜杠、100%+1。',
    measures: measureIds.map((measureId) => ({
      measureId,
      name: 'Key supervision',
      nameZh: '重点监管',
      basis: '示例依据第三条',
      catalogueEdition: '2024',
      responsibleId: recipientId,
    })),
    startDate: parseCalendarDate('2026-03-02'),
    endDate: parseCalendarDate('2029-03-01'),
    recipients: [{ departmentId: recipientId, mandatory: true }],
  };
  return {
    _id: id,
    revision: 0,
    number: `LHCJ52000020260100${String(last).padStart(4, '0')}`,
    determinerId: 'market-regulation',
    idempotencyKey: id,
    inputDigest: '',
    subject: {
      creditCode: '91520115MAYDM00198',
      name: '贵州示例甲机动车检测有限公司',
      regionCode: '520115',
      kinds: ['VEHICLE_INSPECTION_BODY'],
      registeredAsOf: ISSUED_AT,
    },
    state: 'PARTY_NOTIFIED',
    version: 1,
    versions: [{ version: 1, content, issuedAt: ISSUED_AT, issuedBy: 'tester', signature: SIGNATURE }],
    deliveries: [],
    publishedAt: null,
    stateBeforeRepair: null,
    ending: null,
    closedAt: null,
    createdAt: ISSUED_AT,
    createdBy: 'tester',
    eventCount: 0,
    lastChain: CHAIN_START,
    pendingEvents: [],
    hasPending: false,
    pendingSince: null,
    recipientIds: [],
    overdue: false,
    openLanes: [],
    hasOpen: false,
    hasDead: false,
    nextClockAt: null,
  };
}

function carried(notice: Notice): { readonly delivery: Delivery; readonly message: Message } {
  const delivery = notice.deliveries[0];
  const message = delivery?.messages.at(-1);
  if (delivery === undefined || message === undefined) throw new Error('the notice has no message');
  return { delivery, message };
}

/** A notice of its own, published to one recipient. */
export function testNotice(recipientId: string, measureIds: readonly string[] = ['M1-01', 'M2-07']): TestNotice {
  last += 1;
  const change = new NoticeChange(unpublished(`test-${last}`, recipientId, measureIds), 'tester', ISSUED_AT);
  publish(change);
  const published = carried(change.notice);
  const numbered = { ...published.message, position: 1 };
  change.setDelivery(published.delivery.id, { messages: [numbered] });
  begin(change, numbered.id, 'test', 20_000);
  const ended = (kind: 'LIFTED' | 'WITHDRAWN', end: (each: NoticeChange, ending: NoticeEnding) => void): Envelope => {
    const ending = new NoticeChange(change.outcome(), 'tester', ISSUED_AT);
    end(ending, { kind, reason: '已经纠正', at: ISSUED_AT, actor: 'tester', signature: SIGNATURE });
    const { delivery, message } = carried(ending.notice);
    return envelopeOf(ending.notice, delivery, message);
  };
  return {
    deliveryId: published.delivery.id,
    measureIds,
    issued: envelopeOf(change.notice, published.delivery, numbered),
    lifted: ended('LIFTED', lift),
    withdrawn: ended('WITHDRAWN', withdraw),
  };
}
