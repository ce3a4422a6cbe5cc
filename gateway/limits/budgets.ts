/**
 * How much callers may ask: operations and calls of departments per caller, and calls per department, which its callers
 * share. One caller gets at most half of what the others leave of a department, so that something is always left for
 * whoever comes next; the public counts as one caller there.
 */
import type { Caller } from '../../schema/access/caller.ts';
import { HubError } from '../../schema/errors.ts';
import { addressGroup } from './address-group.ts';
import { budgetOf } from './department-budget.ts';
import type { BudgetSettings } from './limit-settings.ts';
import type { Meter } from './meter.ts';
import { WINDOW_SECONDS } from './meter.ts';
import type { OperationCost } from './operation-cost.ts';

/** Who is charged. */
export interface Asker {
  readonly caller: Caller;
  /** Network address of the connection. */
  readonly address: string;
}

/** What was reserved for an operation. */
export interface Charge {
  /** How much of the caller's budgets is left, in the words of the RateLimit header fields. */
  readonly headers: Readonly<Record<string, string>>;
  /** Gives back what was reserved and not needed. @param made calls that were made, by department id */
  settle(made: ReadonlyMap<string, number>): void;
}

interface Entry {
  readonly name: string;
  readonly points: number;
  /** null: of all departments together. */
  readonly departmentId: string | null;
}

const HEADER_POLICY = 'ratelimit-policy';
const HEADER_LEVEL = 'ratelimit';

export class Budgets {
  readonly #settings: BudgetSettings;
  readonly #meter: Meter;

  constructor(settings: BudgetSettings, meter: Meter) {
    this.#settings = settings;
    this.#meter = meter;
  }

  /**
   * @param operations how many of the caller's operations this is
   * @throws HubError RATE_LIMITED
   */
  async charge({ caller, address }: Asker, { departments, calls }: OperationCost, operations = 1): Promise<Charge> {
    const isPublic = caller.credentialId === null;
    const { callerOperations, callerCalls, publicOperations, publicCalls } = this.#settings;
    const own = isPublic ? `public/${addressGroup(address)}` : `caller/${caller.subject}`;
    const most = {
      operations: isPublic ? publicOperations : callerOperations,
      calls: isPublic ? publicCalls : callerCalls,
    };
    const { window, secondsLeft } = this.#meter;
    const taken: Entry[] = [];
    const take = async (entry: Entry): Promise<number> => {
      taken.push(entry);
      return await this.#meter.add(entry.name, entry.points, window);
    };
    const refuse = async (budget: string, message: string): Promise<HubError> => {
      await this.#takeBack(taken, window);
      const details = { budget, retryAfterSeconds: secondsLeft };
      return new HubError('RATE_LIMITED', `${message} Try again in ${secondsLeft} s.`, { details });
    };

    // What is refused counts as an operation: whoever goes on asking stays refused until the minute is over.
    const asked = most.operations === 0 ? 0 : await this.#meter.add(`${own}/operations`, operations, window);
    if (asked > most.operations)
      throw await refuse('operations', `More than ${most.operations} operations were asked for within a minute.`);
    const spent = most.calls === 0 ? 0 : await take({ name: `${own}/calls`, points: calls, departmentId: null });
    if (spent > most.calls)
      throw await refuse('calls', `More than ${most.calls} calls of departments would be needed within a minute.`);
    const seat = isPublic ? 'public' : caller.subject;
    const limited = departments.filter(({ id }) => budgetOf(this.#settings.departmentCalls, id) > 0);
    const shares = await Promise.all(
      limited.map(async ({ id, calls: points }) => {
        const ownShare = take({ name: `${id}/of/${seat}`, points, departmentId: id });
        const all = take({ name: id, points, departmentId: id });
        return { id, isWithin: (await ownShare) + (await all) <= budgetOf(this.#settings.departmentCalls, id) };
      }),
    );
    const over = shares.find(({ isWithin }) => !isWithin);
    if (over !== undefined)
      throw await refuse(`department ${over.id}`, `The caller's share of the calls of ${over.id} is used up.`);
    return {
      headers: levelHeaders(most, { operations: asked, calls: spent }, secondsLeft),
      settle: (made) => {
        const madeInAll = [...made.values()].reduce((sum, each) => sum + each, 0);
        const back = taken.map((entry) => {
          const needed = entry.departmentId === null ? madeInAll : (made.get(entry.departmentId) ?? 0);
          return { ...entry, points: entry.points - needed };
        });
        this.#takeBack(back, window).catch(() => undefined);
      },
    };
  }

  async #takeBack(entries: readonly Entry[], window: number): Promise<void> {
    const counted = entries.filter(({ points }) => points !== 0);
    await Promise.all(counted.map(({ name, points }) => this.#meter.takeBack(name, points, window)));
  }
}

/** draft-ietf-httpapi-ratelimit-headers-10 */
function levelHeaders(
  most: Readonly<Record<string, number>>,
  used: Readonly<Record<string, number>>,
  secondsLeft: number,
): Readonly<Record<string, string>> {
  const limited = Object.entries(most).filter(([, limit]) => limit > 0);
  if (limited.length === 0) return {};
  const level = ([name, limit]: [string, number]): string =>
    `"${name}";r=${Math.max(0, limit - (used[name] ?? 0))};t=${secondsLeft}`;
  return {
    [HEADER_POLICY]: limited.map(([name, limit]) => `"${name}";q=${limit};w=${WINDOW_SECONDS}`).join(', '),
    [HEADER_LEVEL]: limited.map(level).join(', '),
  };
}
