/**
 * Joint-punishment notices by exchange row: the hub adds a row to QZ_LHCJ_TZ; what the department answers in
 * QZ_LHCJ_FK is read as long as its SJZT is 0. Taken or refused, the answer gets its state and a row of QZ_FK.
 */
import { z } from 'zod';
import type { Envelope, WordOutcome } from '../../schema/delivery/ports.ts';
import type { AdapterCall, AdapterNotices, DraftWord, DraftWordsPage } from '../kit/adapter.ts';
import type { Mark, NewRow } from '../kit/mesh-handlers/exchange-database/condition.ts';
import { noticeFieldsOf, signedTextInBase64 } from '../kit/notice-fields.ts';
import { toWord } from '../kit/notice-words.ts';
import { readRows, type RowReader } from '../kit/read-rows.ts';
import { ANSWER_DIALECT, MESSAGE_CODES } from './codes.ts';
import { countWritten, recordIdOf, rowsOfPage } from './envelope.ts';
import { CHUNK, feedbackRow, isPossibleId, REFUSED, TAKEN, UNREAD, wallSecond, writable } from './feedback.ts';
import { ADD_FEEDBACK, ADD_NOTICES, ANSWERS, MARK_ANSWERS } from './operations.ts';
import { cursorAfter, placeOf, withoutCopies } from './pages.ts';
import { AnswerWire } from './wire.ts';

/** PCH of the feedback on answers. */
const FEEDBACK_BATCH = 'LHCJ';
const NAME_SIZE = 200;

export const transportNotices: AdapterNotices = {
  channel: 'exchange-row',
  voice: 'EXCHANGE_ROW',

  async deliver(envelope, call) {
    // A row that is there already is left alone, so it does not matter whether this one is new.
    countWritten(await call.execute(ADD_NOTICES, { rows: [noticeRow(envelope, new Date())] }));
    return null;
  },

  async words(after, limit, call): Promise<DraftWordsPage> {
    const rows = await answers(call, {
      only: { SJZT: [UNREAD] },
      withdrawn: false,
      after: after === null ? null : placeOf(after),
      // One more than asked for tells whether there is another page.
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const { drafts, malformed } = readRows(withoutCopies(page), answerReader);
    return { words: drafts, malformed, next: rows.length > limit ? cursorAfter(page.at(-1)) : null };
  },

  async noteHeard(outcomes, call) {
    const possible = outcomes.filter(({ wordId }) => isPossibleId(wordId));
    for (let from = 0; from < possible.length; from += CHUNK) await note(possible.slice(from, from + CHUNK), call);
  },
};

const answerReader: RowReader<AnswerWire, DraftWord> = {
  wire: AnswerWire,
  recordIdOf,
  toDraft: (row) =>
    toWord(
      {
        wordId: row.ID,
        deliveryId: row.SDID,
        kind: row.FKLX,
        by: row.CLR,
        text: row.SM,
        measureId: row.CSDM,
        result: row.JG,
        caseCount: row.SL,
        handledAt: row.CLSJ,
      },
      ANSWER_DIALECT,
    ),
};

/** @param now GXSJ: the department may look for rows by it, and a message may have waited for days */
function noticeRow(envelope: Envelope, now: Date): NewRow {
  const fields = noticeFieldsOf(envelope);
  const { version, mandatory, measureIds, signature } = fields;
  return {
    ID: fields.id,
    XXLX: MESSAGE_CODES[fields.type],
    SDID: fields.deliveryId,
    TZID: fields.noticeId,
    TZBH: fields.number,
    BBH: String(version),
    RDDW: fields.determiner,
    JSDW: fields.recipient,
    SFBX: mandatory ? '1' : '0',
    TYSHXYDM: fields.subjectCode,
    ZTMC: writable(fields.subjectName, NAME_SIZE),
    CSDM: measureIds.join(';'),
    TZSJ: wallSecond(fields.createdAt),
    QSQX: String(fields.signWithinWorkingDays),
    FKQX: String(fields.feedbackWithinWorkingDays),
    JCQX: String(fields.confirmWithinWorkingDays),
    QMYW: signedTextInBase64(fields),
    QMSF: signature.algorithm,
    MYBH: signature.keyId,
    QMZ: signature.value,
    CZLX: 'I',
    SJZT: UNREAD,
    PCH: `${fields.number}-${version}`,
    GXSJ: wallSecond(now),
  };
}

async function answers(call: AdapterCall, variables: Readonly<Record<string, unknown>>): Promise<readonly unknown[]> {
  return rowsOfPage(await call.execute(ANSWERS, { unread: false, ...variables }));
}

const Control = z.object({ ID: z.string().trim(), PCH: z.string().nullable(), GXSJ: z.string().nullable() });

/** Feedback goes first: after a crash in between, the answers come again. An answer that is not there is passed over. */
async function note(outcomes: readonly WordOutcome[], call: AdapterCall): Promise<void> {
  const refusals = new Map(outcomes.map(({ wordId, refusal }) => [wordId, refusal]));
  const rows = await answers(call, { keys: [...refusals.keys()], withdrawn: true, limit: 2 * CHUNK });
  const known = withoutCopies(rows).flatMap((row) => Control.safeParse(row).data ?? []);
  if (known.length === 0) return;
  const feedback = known.map(({ ID: recordId, PCH: recordBatch, GXSJ }) => {
    const problem = refusals.get(recordId) ?? null;
    return feedbackRow({
      table: 'QZ_LHCJ_FK',
      batch: FEEDBACK_BATCH,
      // An answer that is put right, and judged anew, is another version.
      about: JSON.stringify([recordId, GXSJ, problem]),
      recordId,
      recordBatch,
      refusal: problem === null ? null : { field: null, problem },
    });
  });
  const marks = known.map(({ ID: key, GXSJ: upTo }): Mark => ({
    key,
    upTo,
    set: { SJZT: (refusals.get(key) ?? null) === null ? TAKEN : REFUSED },
  }));
  countWritten(await call.execute(ADD_FEEDBACK, { rows: feedback }));
  countWritten(await call.execute(MARK_ANSWERS, { marks }));
}
