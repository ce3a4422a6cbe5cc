/**
 * The department's side of the notice tables: its desk takes what is new in QZ_LHCJ_TZ, and what it says becomes rows of
 * QZ_LHCJ_FK, in the hands of several clerks.
 */
import { z } from 'zod';
import type { FaultCommand } from '../../kit/upstream/faults.ts';
import { controlOf, NoticeDesk, type DeskControl, type DeskWord } from '../../kit/upstream/notice-desk.ts';
import type { Engine } from './engine.ts';
import { control, padded, wallTime, type Cells } from './format.ts';

const NOTICES = 'QZ_LHCJ_TZ';
const ANSWERS = 'QZ_LHCJ_FK';
const FEEDBACK = 'QZ_FK';

/** Column names in small letters, as the engine gives them. */
const Notice = z.object({
  id: z.string(),
  xxlx: z.string(),
  sdid: z.string(),
  tzbh: z.string(),
  csdm: z.string(),
  qmyw: z.string(),
  qmsf: z.string(),
  mybh: z.string(),
  qmz: z.string(),
});
const Refusal = z.object({ id: z.string(), sdid: z.string(), cwms: z.string() });
const TYPES: Readonly<Record<string, string>> = {
  '01': 'notice.issued',
  '02': 'notice.lifted',
  '03': 'notice.withdrawn',
};
const WORD_CODES: Readonly<Record<DeskWord['kind'], string>> = {
  SIGNED: '1',
  RETURNED: '2',
  FED_BACK: '3',
  LIFT_CONFIRMED: '4',
};
const RESULT_CODES: Readonly<Record<string, string>> = {
  EXECUTED: '01',
  PARTLY: '02',
  NOT_APPLICABLE: '03',
  NO_OBJECT: '04',
  FAILED: '05',
};

export class NoticeTables {
  readonly #engine: Engine;
  readonly #desk: NoticeDesk;
  readonly desk: DeskControl;
  #fault: FaultCommand | null = null;
  #answers = 0;
  /** What the desk does to the tables happens one after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#desk = new NoticeDesk((word) => void this.#inTurn(() => this.#write(word)));
    this.desk = controlOf(this.#desk, () =>
      this.#inTurn(async () => {
        for (const table of [NOTICES, ANSWERS]) await engine.query(`DELETE FROM ${table}`, []);
      }),
    );
  }

  /** schema-drift gives answers a kind that is none, duplicate-rows writes them twice; from now on. */
  setFault(fault: FaultCommand | null): void {
    this.#fault = fault;
  }

  /** Says that rows have been added to a table. */
  inserted(table: string): void {
    if (table === NOTICES) void this.#inTurn(() => this.#take());
    if (table === FEEDBACK) void this.#inTurn(() => this.#readFeedback());
  }

  async close(): Promise<void> {
    this.#desk.close();
    await this.#last;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    // A desk whose database has gone has nobody to tell.
    this.#last = this.#last.then(work).catch(() => undefined);
    return this.#last;
  }

  async #take(): Promise<void> {
    const rows = await this.#engine.query(
      `SELECT ID, XXLX, SDID, TZBH, CSDM, QMYW, QMSF, MYBH, QMZ FROM ${NOTICES} WHERE SJZT = '0' ORDER BY GXSJ, ID`,
      [],
    );
    for (const row of rows) {
      const { id, xxlx, sdid, tzbh, csdm, qmyw, qmsf, mybh, qmz } = Notice.parse(row);
      this.#desk.receive({
        id,
        type: TYPES[xxlx] ?? xxlx,
        deliveryId: sdid,
        number: tzbh,
        measureIds: csdm.split(';').filter((code) => code !== ''),
        signedText: Buffer.from(qmyw, 'base64').toString('utf8'),
        signature: { algorithm: qmsf, keyId: mybh, value: qmz },
      });
      await this.#engine.query(`UPDATE ${NOTICES} SET SJZT = '1' WHERE ID = $1`, [id]);
    }
  }

  /** What the hub has refused of the answers. */
  async #readFeedback(): Promise<void> {
    const rows = await this.#engine.query(
      `SELECT f.ID, a.SDID, f.CWMS FROM ${FEEDBACK} f JOIN ${ANSWERS} a ON a.ID = f.JLID
       WHERE f.BMC = '${ANSWERS}' AND f.FKJG = '2' AND f.SJZT = '0' ORDER BY f.GXSJ, f.JLID`,
      [],
    );
    for (const { id, sdid: deliveryId, cwms: reason } of z.array(Refusal).parse(rows)) {
      this.#desk.refused({ deliveryId, reason });
      await this.#engine.query(`UPDATE ${FEEDBACK} SET SJZT = '1' WHERE ID = $1`, [id]);
    }
  }

  async #write({ deliveryId, kind, reason, feedback }: DeskWord): Promise<void> {
    const said: Cells = { SDID: deliveryId, FKLX: WORD_CODES[kind], SM: reason };
    const rows: Cells[] =
      kind === 'FED_BACK'
        ? feedback.map(({ measureId, result, caseCount }) => ({
            ...said,
            CSDM: measureId,
            JG: RESULT_CODES[result] ?? null,
            SL: caseCount,
            SM: padded('已落实', caseCount),
          }))
        : [said];
    for (const row of rows) await this.#add(row);
  }

  async #add(said: Cells): Promise<void> {
    const now = new Date();
    const number = ++this.#answers;
    const drifts = this.#fault?.kind === 'schema-drift';
    const row: Cells = {
      ID: `F${String(number).padStart(9, '0')}`,
      ...said,
      ...(drifts && { FKLX: '?' }),
      CLR: padded('示例执法监督科', number),
      CLSJ: timeInStyle(now, number),
      ...control('I', now),
    };
    if (drifts && this.#fault?.scope === 'first') this.#fault = null;
    await this.#engine.insert(ANSWERS, row);
    if (this.#fault?.kind === 'duplicate-rows') await this.#engine.insert(ANSWERS, row);
  }
}

/** The same time as three clerks write it. */
function timeInStyle(instant: Date, style: number): string {
  const text = wallTime(instant);
  if (style % 3 === 0) return text;
  return style % 3 === 1 ? text.replaceAll('-', '/') : text.replace(/\D/g, '');
}
