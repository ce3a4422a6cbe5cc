/** What was changed in the records since the platform was started; laid over all that it answers. */
import type { z } from 'zod';
import type { Amendment } from '../../kit/upstream/amendment.ts';
import type { ReplicatedRead } from '../../../schema/ports.ts';
import { amendedRecord } from './amended-record.ts';
import { compactTime } from './format.ts';
import type { LogEntry } from './log-index.ts';
import type { RegisterName } from './registers.ts';
import type { OnRecord } from './rows.ts';

export interface Amended {
  readonly original: LogEntry;
  readonly state: 'HELD' | 'SPOILED' | 'WITHDRAWN';
  /** How often the field of each read was changed; the station's record answers two reads. */
  readonly changes: Readonly<Partial<Record<ReplicatedRead, number>>>;
  /** 上传时间 of the last amendment that was not silent; null = none was. */
  readonly uploadedAt: string | null;
  /** Withdrawn with a flag row; one that was withdrawn silently has no row at all. */
  readonly isFlagged: boolean;
}

export class Amendments {
  readonly #registers = new Map<RegisterName, Map<string, Amended>>();

  /** Amended records by id. */
  of(register: RegisterName): ReadonlyMap<string, Amended> {
    return this.#of(register);
  }

  amend(register: RegisterName, original: LogEntry, { read, kind, at, silently }: z.output<typeof Amendment>): void {
    const before = this.#of(register).get(original.id);
    const changes = kind === 'RESTORE' ? {} : { ...before?.changes };
    if (kind === 'CHANGE') changes[read] = (changes[read] ?? 0) + 1;
    this.#of(register).set(original.id, {
      original,
      state: kind === 'WITHDRAW' ? 'WITHDRAWN' : kind === 'SPOIL' ? 'SPOILED' : 'HELD',
      changes,
      uploadedAt: silently ? (before?.uploadedAt ?? null) : compactTime(at),
      isFlagged: kind === 'WITHDRAW' && !silently,
    });
  }

  /** The records as they are now; those that were withdrawn are left out. */
  held<R extends OnRecord>(register: RegisterName, records: readonly R[]): readonly R[] {
    const amended = this.#of(register);
    if (amended.size === 0) return records;
    return records.flatMap((each) => {
      const amendment = amended.get(each.id);
      if (amendment === undefined) return each;
      if (amendment.state === 'WITHDRAWN') return [];
      return { ...each, record: () => amendedRecord(each.record(), amendment) };
    });
  }

  #of(register: RegisterName): Map<string, Amended> {
    const known = this.#registers.get(register);
    if (known !== undefined) return known;
    const empty = new Map<string, Amended>();
    this.#registers.set(register, empty);
    return empty;
  }
}
