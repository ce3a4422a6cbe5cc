/**
 * The register's list: sorted once per order, filtered once per filter, continued by key and not by offset, so that a
 * page never repeats or skips an institution that stayed where it was.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { cursorText } from './cursor-text.ts';
import { endOfDay } from '../../../schema/time/calendar-date.ts';
import type { World, WorldInstitution } from '../../world/types.ts';
import { SERVICE_CODES } from '../envelope.ts';
import type { Amendments } from './amendments.ts';
import { heldBy, orgKindsOf } from './institution-rows.ts';
import { certIdOf, CERTSTATE } from './qualification-rows.ts';
import { ServiceError } from './requests.ts';
import type { ListParameters } from './requests.ts';

type Order = ListParameters['orderBy'];
type Filter = Omit<ListParameters, 'cursor' | 'limit'>;
/** Where an institution stands in an order; equal keys are told apart by the code. */
type Key = readonly [key: string | number, creditCode: string];

const MAX_PAGE = 1_000;
/** Filters whose matches are kept, the oldest given up first. */
const KEPT_FILTERS = 32;
/** Institutions looked at in one go, so that looking at all of them holds nobody else up. */
const SLICE = 250;

const CursorText = cursorText(z.tuple([z.enum(['name', 'updated']), z.union([z.string(), z.number()]), z.string()]));

export interface RegisterPage {
  readonly total: number;
  readonly nextCursor: string | null;
  readonly rows: readonly { readonly institution: WorldInstitution; readonly cursor: string }[];
}

function compareKeys(left: Key, right: Key): number {
  const place = left[0] === right[0] ? 1 : 0;
  return left[place] === right[place] ? 0 : left[place] < right[place] ? -1 : 1;
}

const searchable = (text: string): string => text.normalize('NFKC').trim().toUpperCase();

export class RegisterIndex {
  readonly #world: World;
  readonly #amendments: Amendments;
  readonly #orders = new Map<Order, readonly WorldInstitution[]>();
  readonly #matches = new Map<string, readonly WorldInstitution[]>();
  #names: ReadonlyMap<WorldInstitution, string> | null = null;
  #listed: Promise<ReadonlySet<WorldInstitution>> | null = null;
  #byState: Promise<ReadonlyMap<string, ReadonlySet<WorldInstitution>>> | null = null;

  /** Describes the register as it is now amended; a later amendment needs another index. */
  constructor(world: World, amendments: Amendments) {
    this.#world = world;
    this.#amendments = amendments;
  }

  /** @throws ServiceError for a cursor that is none, or of another order */
  async page({ cursor, limit, ...filter }: ListParameters): Promise<RegisterPage> {
    const matches = await this.#matching(filter);
    const start = cursor === undefined ? 0 : this.#positionAfter(matches, filter.orderBy, cursor);
    const rows = matches.slice(start, start + Math.min(limit, MAX_PAGE)).map((institution) => ({
      institution,
      cursor: this.#cursorOf(filter.orderBy, institution),
    }));
    const more = start + rows.length < matches.length;
    return { total: matches.length, nextCursor: more ? (rows.at(-1)?.cursor ?? null) : null, rows };
  }

  #keyOf(order: Order, institution: WorldInstitution): Key {
    const { creditCode } = institution;
    if (order === 'name') return [heldBy(institution).name, creditCode];
    const updatedAt = this.#amendments.touchedAt('institutions', creditCode) ?? institution.updatedAt;
    // Negative, because the newest comes first.
    return [-updatedAt.getTime(), creditCode];
  }

  #cursorOf(order: Order, institution: WorldInstitution): string {
    return Buffer.from(JSON.stringify([order, ...this.#keyOf(order, institution)])).toString('base64url');
  }

  #positionAfter(matches: readonly WorldInstitution[], order: Order, cursor: string): number {
    const parsed = CursorText.safeParse(cursor);
    if (!parsed.success || parsed.data[0] !== order) throw new ServiceError(SERVICE_CODES.CURSOR_WRONG);
    const [, ...key] = parsed.data;
    let low = 0;
    let high = matches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const institution = matches[middle];
      if (institution !== undefined && compareKeys(this.#keyOf(order, institution), key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #inOrder(order: Order): readonly WorldInstitution[] {
    let sorted = this.#orders.get(order);
    if (sorted === undefined) {
      sorted = this.#world.institutions
        .filter(({ creditCode }) => !this.#amendments.isGone('institutions', creditCode))
        .map((institution) => ({ institution, key: this.#keyOf(order, institution) }))
        .sort((left, right) => compareKeys(left.key, right.key))
        .map(({ institution }) => institution);
      this.#orders.set(order, sorted);
    }
    return sorted;
  }

  async #matching(filter: Filter): Promise<readonly WorldInstitution[]> {
    const name = JSON.stringify(filter);
    let matches = this.#matches.get(name);
    if (matches === undefined) {
      matches = this.#inOrder(filter.orderBy).filter(await this.#testOf(filter));
      const [oldest] = this.#matches.keys();
      if (oldest !== undefined && this.#matches.size >= KEPT_FILTERS) this.#matches.delete(oldest);
      this.#matches.set(name, matches);
    }
    return matches;
  }

  async #testOf({ text, region, kinds, listed, certState }: Filter) {
    const words = searchable(text);
    const ofCertificate = words === '' ? undefined : this.#world.institutionOfCertificate(words);
    const tests: ((institution: WorldInstitution) => boolean)[] = [];
    if (words !== '') {
      const names = this.#searchableNames();
      tests.push(
        (each) => each.creditCode === words || each === ofCertificate || (names.get(each)?.includes(words) ?? false),
      );
    }
    if (region !== '') tests.push((each) => heldBy(each).region.startsWith(region));
    if (kinds !== undefined) tests.push((each) => orgKindsOf(each).some((kind) => kinds.includes(kind)));
    if (listed !== undefined) {
      const onList = await (this.#listed ??= this.#onList());
      tests.push((each) => onList.has(each) === (listed === '1'));
    }
    if (certState !== undefined) {
      const holders = (await (this.#byState ??= this.#holdersByState())).get(certState);
      tests.push((each) => holders?.has(each) ?? false);
    }
    return (institution: WorldInstitution): boolean => tests.every((test) => test(institution));
  }

  #searchableNames(): ReadonlyMap<WorldInstitution, string> {
    return (this.#names ??= new Map(this.#world.institutions.map((each) => [each, searchable(heldBy(each).name)])));
  }

  async #visitAll(visit: (institution: WorldInstitution) => void): Promise<void> {
    for (const [index, institution] of this.#world.institutions.entries()) {
      if (index % SLICE === SLICE - 1) await nextTurn();
      visit(institution);
    }
  }

  /** On one of the two lists today. */
  async #onList(): Promise<ReadonlySet<WorldInstitution>> {
    const { today } = this.#world;
    const listed = new Set<WorldInstitution>();
    await this.#visitAll((each) => {
      const entries = this.#world.listEntriesOf(each).filter(({ id }) => !this.#amendments.isGone('listEntries', id));
      if (entries.some(({ removedOn }) => removedOn === null || removedOn > today)) listed.add(each);
    });
    return listed;
  }

  /** Institutions by the state of a qualification that is believed and in force now. */
  async #holdersByState(): Promise<ReadonlyMap<string, ReadonlySet<WorldInstitution>>> {
    const byState = new Map(Object.values(CERTSTATE).map(([, word]) => [word, new Set<WorldInstitution>()]));
    const now = endOfDay(this.#world.today);
    await this.#visitAll((institution) => {
      for (const version of this.#world.qualificationsOf(institution)) {
        const { status, supersededAt, effectiveFrom, effectiveTo } = version;
        if (this.#amendments.isGone('qualifications', certIdOf(institution, version))) continue;
        const inForce = effectiveFrom <= now && (effectiveTo === null || effectiveTo > now);
        if (supersededAt === null && inForce) byState.get(CERTSTATE[status][1])?.add(institution);
      }
    });
    return byState;
  }
}
