/** The operations of changes, and what makes records change. */
import type { z } from 'zod';
import type { Amendment } from '../../kit/upstream/amendment.ts';
import type { ChangeOperationName } from '../operations.ts';
import type { Amendments } from './amendments.ts';
import type { ConditionFilters } from './answers.ts';
import { ChangeCondition, ChangeLog } from './change-log.ts';
import { indexOf, inOrder } from './log-index.ts';
import type { ConditionAnswer } from './protocol.ts';
import { REGISTER_OF, type RegisterName, type Registers } from './registers.ts';
import { registerId } from './report-rows.ts';

const REGISTER_BEHIND: Readonly<Record<ChangeOperationName, RegisterName>> = {
  downStationChange: 'stations',
  downInspStmDeviceChange: 'devices',
  downInspTestingResultChange: 'tests',
  downInspReportChange: 'reports',
  downPunishChange: 'penalties',
};

export function isChangeOperation(name: string): name is ChangeOperationName {
  return Object.hasOwn(REGISTER_BEHIND, name);
}

/** Computes when it is first asked for. */
function once<T>(compute: () => Promise<T>): () => Promise<T> {
  let computed: Promise<T> | null = null;
  return () => (computed ??= compute());
}

export class Changes {
  readonly #amendments: Amendments;
  readonly #logs: Readonly<Record<RegisterName, ChangeLog>>;

  constructor(registers: Registers, amendments: Amendments) {
    const logOf = (name: RegisterName, entries = once(() => indexOf(registers[name]))): ChangeLog =>
      new ChangeLog(registers[name], amendments.of(name), entries);
    const tests = once(() => indexOf(registers.tests));
    // Every test has one report, uploaded with it; computing the tests of a large world takes long enough once.
    const reports = once(async () =>
      (await tests()).map((test) => ({ ...test, id: registerId(test.id) })).sort(inOrder),
    );
    this.#amendments = amendments;
    this.#logs = {
      stations: logOf('stations'),
      devices: logOf('devices'),
      tests: logOf('tests', tests),
      reports: logOf('reports', reports),
      penalties: logOf('penalties'),
    };
  }

  /** @returns null when the condition cannot be understood */
  async answer(
    operation: ChangeOperationName,
    filters: ConditionFilters,
  ): Promise<Omit<ConditionAnswer, 'conditionNumber'> | null> {
    const condition = ChangeCondition.safeParse(Object.fromEntries(filters));
    if (!condition.success) return null;
    const { records, total, end } = await this.#logs[REGISTER_BEHIND[operation]].page(condition.data);
    const position = { total: String(total), lasttime: end?.uploadedAt ?? '', lastid: end?.id ?? '' };
    return { records, position };
  }

  /** @throws Error when there is no such record */
  async amend(amendment: z.output<typeof Amendment>): Promise<void> {
    const { read, recordId } = amendment;
    const register = REGISTER_OF[read];
    if (register === undefined) throw new Error(`ecology keeps no ${read}`);
    const original = await this.#logs[register].find(recordId);
    if (original === undefined) throw new Error(`ecology has no record ${recordId} among its ${read}`);
    this.#amendments.amend(register, original, amendment);
  }
}
