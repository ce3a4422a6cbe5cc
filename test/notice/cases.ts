/** Notices for tests: a case over fictional subjects, its recipients, and a clock that stands where it is put. */
import { newNotice } from '../../schema/notice/issue.ts';
import { NoticeChange } from '../../schema/notice/change.ts';
import { takeTo, type Stage } from '../../schema/notice/case.ts';
import type { Notice, NoticeContent, NoticeEnding, NoticeEvent, NoticeVersion } from '../../schema/notice/notice.ts';
import type { SignatureRecord } from '../../schema/signing/signature.ts';
import { parseCalendarDate } from '../../schema/time/calendar-date.ts';
import { parseInstant } from '../../schema/time/instant.ts';

export const at = (text: string): Date => parseInstant(text.includes('T') ? text : `${text}T10:00:00+08:00`);
/** A Monday; no holiday is near. */
export const MONDAY = at('2026-03-02');

export const SIGNATURE: SignatureRecord = { algorithm: 'ED25519', keyId: 'k1', value: 'AA==' };
export const HEARING = { voice: 'MUTATION', receipt: 'a'.repeat(64) } as const;

export const content = (over: Partial<NoticeContent> = {}): NoticeContent => ({
  decisionNumber: '黔示例罚〔2026〕1号',
  decidedOn: parseCalendarDate('2026-02-24'),
  listType: 'SERIOUS_MR',
  severity: 'SERIOUS',
  factsSummary: 'Reports without tests (fictional).',
  measures: ['ecology', 'transport'].map((responsibleId) => ({
    measureId: 'M204',
    name: 'Key supervision',
    nameZh: '纳入重点监管范围',
    basis: 'list',
    catalogueEdition: '2024',
    responsibleId,
  })),
  startDate: parseCalendarDate('2026-03-02'),
  endDate: parseCalendarDate('2029-03-01'),
  recipients: ['ecology', 'transport'].map((departmentId) => ({ departmentId, mandatory: true })),
  ...over,
});

export const version = (number = 1, over: Partial<NoticeContent> = {}, issuedAt = MONDAY): NoticeVersion => ({
  version: number,
  content: content(over),
  issuedAt,
  issuedBy: 'clerk',
  signature: SIGNATURE,
});

export const ending = (kind: NoticeEnding['kind'], now = MONDAY): NoticeEnding => ({
  kind,
  reason: 'for a reason',
  at: now,
  actor: 'clerk',
  signature: SIGNATURE,
});

export function blankNotice(over: Partial<NoticeContent> = {}, id = 'n1'): Notice {
  return newNotice({
    id,
    number: `LHCJ520115202601${id.replace(/\D/g, '').padStart(6, '0')}`,
    determinerId: 'market-regulation',
    request: {
      idempotencyKey: `key-of-${id}`,
      subjectCode: '91520115MAYDM00198',
      stage: 'PUBLISHED',
      decisionNumber: '1',
      decidedOn: parseCalendarDate('2026-02-24'),
      listType: null,
      severity: 'SERIOUS',
      factsSummary: 'x',
      measures: [],
      startDate: parseCalendarDate('2026-03-02'),
      endDate: parseCalendarDate('2029-03-01'),
      recipients: [],
    },
    subject: {
      creditCode: '91520115MAYDM00198',
      name: '贵州示例甲机动车检测有限公司',
      regionCode: '520115',
      kinds: ['VEHICLE_INSPECTION_BODY'],
      registeredAsOf: MONDAY,
    },
    version: version(1, over),
  });
}

/** One command on a notice, as the store runs it. */
export function changed(
  notice: Notice,
  command: (change: NoticeChange) => void,
  now = MONDAY,
  actor = 'clerk',
): Notice {
  const change = new NoticeChange(notice, actor, now);
  command(change);
  return change.isChanged ? { ...change.outcome(), revision: notice.revision + 1 } : notice;
}

/** What an event log would have given: every event numbered, every message in its place. */
export function numbered(notice: Notice, from = 1): Notice {
  const numbers = new Map(notice.pendingEvents.map(({ eventId }, index) => [eventId, from + index]));
  return {
    ...notice,
    pendingEvents: [],
    deliveries: notice.deliveries.map((delivery) => ({
      ...delivery,
      messages: delivery.messages.map((message) => ({
        ...message,
        position: message.position ?? numbers.get(message.eventId) ?? null,
      })),
    })),
  };
}

export const atStage = (stage: Stage, over: Partial<NoticeContent> = {}): Notice =>
  changed(blankNotice(over), (change) => {
    change.emit('DRAFT');
    takeTo(change, stage);
  });

export const kindsOf = (events: readonly Pick<NoticeEvent, 'kind'>[]): string[] => events.map(({ kind }) => kind);
export const deliveryTo = (departmentId: string, number = 1): string => `n1.${number}.${departmentId}`;
