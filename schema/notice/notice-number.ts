/** LHCJ + division (6) + year (4) + department (2) + serial (6), e.g. LHCJ520000202601000012 (domain reference 5.1). */
import { Schema, type Connection, type Model } from 'mongoose';

interface Counter {
  readonly _id: string;
  readonly last: number;
}

const counterSchema = new Schema<Counter>(
  { _id: String, last: Number },
  { collection: 'notice_counters', versionKey: false, id: false, autoIndex: false, autoCreate: false },
);

const SERIAL_DIGITS = 6;

export class NoticeNumbers {
  readonly #model: Model<Counter>;

  constructor(connection: Connection) {
    this.#model = connection.models['NoticeCounter'] ?? connection.model<Counter>('NoticeCounter', counterSchema);
  }

  /**
   * The next number. One that is taken and then not used stays unused: numbers are unique, not without gaps.
   * @param division six digits
   * @param departmentCode two digits
   */
  async next(division: string, year: number, departmentCode: string): Promise<string> {
    const series = `LHCJ${division}${String(year).padStart(4, '0')}${departmentCode}`;
    const { last } = await this.#model
      .findOneAndUpdate({ _id: series }, { $inc: { last: 1 } }, { upsert: true, returnDocument: 'after' })
      .lean<Counter>()
      .orFail();
    return `${series}${String(last).padStart(SERIAL_DIGITS, '0')}`;
  }
}
