/**
 * Joint-punishment notices by SOAP: one write per message (18W90), whose answer carries the number of its reception; what
 * the department says of them comes by a query (18Q94) and is marked by a write (18W91). All three are provincial.
 */
import { z } from 'zod';
import { HubError } from '../../schema/errors.ts';
import type { AdapterNotices, DraftWord } from '../kit/adapter.ts';
import { noticeFieldsOf, signedTextInBase64, type NoticeFields } from '../kit/notice-fields.ts';
import { toWord } from '../kit/notice-words.ts';
import { readPlace, writePlace } from '../kit/place-token.ts';
import { readRows, withoutDuplicates, type RowReader } from '../kit/read-rows.ts';
import { ANSWER_DIALECT, MESSAGE_CODES } from './codes.ts';
import type { WireRow, WrittenRow } from './envelope.ts';
import { textAt } from './readers.ts';
import type { PoliceService } from './service.ts';
import { wallTime } from './wall-time.ts';
import { AnswerPlaceWire, AnswerWire, ReceptionWire } from './wire.ts';

/** Number of the last answer of a page. */
const Place = z.string().min(1);
/** 处理标记 */
const TAKEN = '1';
const RETURNED = '2';
/** Marks of one call. */
const CHUNK = 500;

export function createNotices(service: PoliceService): AdapterNotices {
  return {
    channel: 'soap',
    voice: 'SOAP_REPLY',

    async deliver(envelope, call) {
      const [reception] = await service.write(call, '18W90', [noticeRow(noticeFieldsOf(envelope))]);
      // The head code is the acceptance; a gateway that gives no number has accepted all the same.
      return ReceptionWire.safeParse(reception).data?.slbh || null;
    },

    async words(after, limit, call) {
      const rows = await service.ask(call, '18Q94', [
        { qsbh: after === null ? '' : readPlace(Place, after), zdhs: String(limit) },
      ]);
      const { drafts, malformed } = withoutDuplicates(readRows(rows, answerReader), ({ wordId }) => wordId);
      return { words: drafts.toSorted(byNumber), malformed, next: nextAfter(rows, limit) };
    },

    async noteHeard(outcomes, call) {
      for (let from = 0; from < outcomes.length; from += CHUNK) {
        const marks = outcomes.slice(from, from + CHUNK).map(({ wordId, refusal }): WrittenRow => ({
          fkbh: wordId,
          clbj: refusal === null ? TAKEN : RETURNED,
          thyy: refusal ?? '',
        }));
        await service.write(call, '18W91', marks);
      }
    },
  };
}

const answerReader: RowReader<AnswerWire, DraftWord> = {
  wire: AnswerWire,
  recordIdOf: textAt('fkbh'),
  toDraft: (row) =>
    toWord(
      {
        wordId: row.fkbh,
        deliveryId: row.sdbh,
        kind: row.fklx,
        by: row.clgw,
        text: row.fksm,
        measureId: row.csdm,
        result: row.zxjg,
        caseCount: row.zxsl,
        handledAt: row.clsj,
      },
      ANSWER_DIALECT,
    ),
};

/** Numbers of answers rise, and all have the same length. */
function byNumber(left: DraftWord, right: DraftWord): number {
  return left.wordId < right.wordId ? -1 : Number(left.wordId > right.wordId);
}

/**
 * The number after which the next page begins; null when the last row says that none comes after it.
 * @throws HubError SOURCE_MALFORMED when no row of a full page says where it stands
 */
function nextAfter(rows: readonly WireRow[], limit: number): string | null {
  const places = rows
    .flatMap((row) => AnswerPlaceWire.safeParse(row).data ?? [])
    .toSorted((left, right) => (left.fkbh < right.fkbh ? -1 : 1));
  const last = places.at(-1);
  if (last === undefined && rows.length >= limit)
    throw new HubError(
      'SOURCE_MALFORMED',
      'Public Security sent a page of answers without a place to go on from (fkbh).',
    );
  return last?.hxbz === '1' ? writePlace(last.fkbh) : null;
}

function noticeRow(fields: NoticeFields): WrittenRow {
  const { signature } = fields;
  return {
    xxbh: fields.id,
    xxlx: MESSAGE_CODES[fields.type],
    sdbh: fields.deliveryId,
    tzid: fields.noticeId,
    tzbh: fields.number,
    bbh: String(fields.version),
    rddw: fields.determiner,
    jsdw: fields.recipient,
    sfbx: fields.mandatory ? '1' : '0',
    tyshxydm: fields.subjectCode,
    dxmc: fields.subjectName,
    csdm: fields.measureIds.join(','),
    tzsj: wallTime(fields.createdAt),
    qsqx: String(fields.signWithinWorkingDays),
    fkqx: String(fields.feedbackWithinWorkingDays),
    jcqx: String(fields.confirmWithinWorkingDays),
    qmyw: signedTextInBase64(fields),
    qmsf: signature.algorithm,
    mybh: signature.keyId,
    qmz: signature.value,
  };
}
