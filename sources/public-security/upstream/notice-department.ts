/**
 * The provincial interfaces for joint-punishment notices: 18W90 takes one and gives the number of its reception, 18Q94
 * lists what the desk has said and nobody has marked yet, 18W91 marks it.
 */
import { z } from 'zod';
import { controlOf, NoticeDesk, type DeskControl, type DeskWord } from '../../kit/upstream/notice-desk.ts';
import { refusal, type Answer, type Condition, type Row } from './documents.ts';
import { wallTime } from './rows.ts';

const DONE = '1';
/** Provincial: the same message has been received before. */
const DONE_BEFORE = '2';
/** clbj of an answer that the hub does not take. */
const RETURNED = '2';
/** Rows of one answer without its own limit, or with a larger one. */
const MOST_ANSWERS = 1000;

/** Element names in small letters, as the middleware leaves them. */
const Notice = z.object({
  xxbh: z.string().min(1),
  xxlx: z.string(),
  sdbh: z.string().min(1),
  tzbh: z.string(),
  csdm: z.string(),
  qmyw: z.string().min(1),
  qmsf: z.string(),
  mybh: z.string(),
  qmz: z.string(),
});
const Mark = z.object({ fkbh: z.string().min(1), clbj: z.enum(['1', '2']), thyy: z.string() });

const TYPES: Readonly<Record<string, string>> = { '1': 'notice.issued', '2': 'notice.lifted', '3': 'notice.withdrawn' };
const WORD_CODES: Readonly<Record<DeskWord['kind'], string>> = {
  SIGNED: '1',
  RETURNED: '2',
  FED_BACK: '3',
  LIFT_CONFIRMED: '4',
};
const RESULT_CODES: Readonly<Record<string, string>> = {
  FAILED: '0',
  EXECUTED: '1',
  PARTLY: '2',
  NOT_APPLICABLE: '3',
  NO_OBJECT: '4',
};

interface Said {
  readonly number: string;
  readonly deliveryId: string;
  readonly row: Row;
}

export class NoticeDepartment {
  readonly #desk = new NoticeDesk((word) => this.#say(word));
  readonly desk: DeskControl = controlOf(this.#desk, () => {
    this.#unmarked = [];
  });
  /** In order of their numbers. */
  #unmarked: readonly Said[] = [];
  #answers = 0;

  readonly queries: Readonly<Record<string, (conditions: readonly Condition[]) => Row[]>> = {
    '18Q94': (conditions) => conditions.flatMap((condition) => this.#page(condition)),
  };

  /** @param rows null = the document is none */
  write(jkid: string, rows: readonly Condition[] | null): Answer {
    if (jkid !== '18W90' && jkid !== '18W91') return refusal('0', '接口标识未开放');
    if (rows === null || rows.length === 0) return refusal('0', '写入数据格式不正确');
    return jkid === '18W90' ? this.#receive(rows) : this.#mark(rows);
  }

  close(): void {
    this.#desk.close();
  }

  #receive(rows: readonly Condition[]): Answer {
    const notices = z.array(Notice).safeParse(rows);
    if (!notices.success) return refusal('0', `${notices.error.issues[0]?.path.join('.') ?? ''}不正确`);
    const known = new Set(this.#desk.entries().map(({ message }) => message.id));
    const received = notices.data.map(({ xxbh, xxlx, sdbh, tzbh, csdm, qmyw, qmsf, mybh, qmz }): Row => {
      const number = this.#desk.receive({
        id: xxbh,
        type: TYPES[xxlx] ?? xxlx,
        deliveryId: sdbh,
        number: tzbh,
        measureIds: csdm.split(',').filter((code) => code !== ''),
        signedText: Buffer.from(qmyw, 'base64').toString('utf8'),
        signature: { algorithm: qmsf, keyId: mybh, value: qmz },
      });
      return [['slbh', number]];
    });
    const isNew = notices.data.some(({ xxbh }) => !known.has(xxbh));
    return { code: isNew ? DONE : DONE_BEFORE, message: isNew ? '接收成功' : '已接收', rows: received };
  }

  #mark(rows: readonly Condition[]): Answer {
    const marks = z.array(Mark).safeParse(rows);
    if (!marks.success) return refusal('0', `${marks.error.issues[0]?.path.join('.') ?? ''}不正确`);
    for (const { fkbh, clbj, thyy } of marks.data) {
      const said = this.#unmarked.find(({ number }) => number === fkbh);
      if (said === undefined) continue;
      this.#unmarked = this.#unmarked.filter((each) => each !== said);
      if (clbj === RETURNED) this.#desk.refused({ deliveryId: said.deliveryId, reason: thyy });
    }
    return { code: DONE, message: '标记成功', rows: [] };
  }

  #page({ qsbh = '', zdhs }: Condition): Row[] {
    const limit = Math.min(Number(zdhs) || MOST_ANSWERS, MOST_ANSWERS);
    const left = this.#unmarked.filter(({ number }) => number > qsbh);
    return left
      .slice(0, limit)
      .map(({ row }, position) => [...row, ['hxbz', position + 1 < left.length ? '1' : '0'] as const]);
  }

  #say({ deliveryId, kind, reason, feedback }: DeskWord): void {
    if (kind !== 'FED_BACK') this.#add(deliveryId, kind, [['fksm', reason ?? '']]);
    for (const { measureId, result, caseCount } of feedback) {
      this.#add(deliveryId, kind, [
        ['csdm', measureId],
        ['zxjg', RESULT_CODES[result] ?? ''],
        ['zxsl', String(caseCount)],
        ['fksm', '已落实'],
      ]);
    }
  }

  #add(deliveryId: string, kind: DeskWord['kind'], said: Row): void {
    const number = `52${String(++this.#answers).padStart(10, '0')}`;
    const row: Row = [
      ['fkbh', number],
      ['sdbh', deliveryId],
      ['fklx', WORD_CODES[kind]],
      ...said,
      ['clgw', '秩序管理岗'],
      ['clsj', wallTime(new Date())],
    ];
    this.#unmarked = [...this.#unmarked, { number, deliveryId, row }];
  }
}
