/** What each interface number answers (wire-formats A.3, A.4; domain reference 6.4). */
import type { z } from 'zod';
import type { Amendment } from '../../kit/upstream/amendment.ts';
import type { World } from '../../world/types.ts';
import { createChanges } from './changes.ts';
import type { Condition, Row } from './documents.ts';
import { Register, type Station } from './register.ts';
import { valueAt } from './rows.ts';

type Query = (conditions: readonly Condition[]) => readonly Row[];

export interface Queries {
  readonly byInterface: Readonly<Record<string, Query>>;
  /** @throws Error when there is no such record */
  amend(amendment: z.output<typeof Amendment>): void;
}

/** Rows of one inspection condition without its own limit. */
const MOST_VERDICTS = 1000;

/** The queries by jkid. Province-wide lists are built once; everything else goes through the world's look-ups. */
export function createQueries(world: World): Queries {
  const register = new Register(world);
  const changes = createChanges(register);
  const stationAt = (number = ''): Station[] => {
    const station = register.stationAt(number);
    return station === null ? [] : [station];
  };

  return {
    byInterface: {
      // By number, or the whole list by update date and issuing office.
      '18C01': (conditions) =>
        conditions.flatMap(({ jczbh, gxrq = '', fzjg }) =>
          (jczbh === undefined ? register.stations(fzjg ?? null) : stationAt(jczbh))
            .map((station) => ({ station, place: register.stationPlace(station) }))
            .filter(({ place }) => place.standing === 'HELD' && place.updatedAt >= gxrq)
            .map(({ station }) => register.station(station).row),
        ),
      '18C02': (conditions) =>
        conditions.flatMap(({ jczbh }) => stationAt(jczbh)).flatMap((station) => register.lines(station)),
      '18C50': () => [[['sj', `${world.today} 12:00:00`]]],
      '18Q90': (conditions) =>
        conditions.flatMap((condition) =>
          stationAt(condition['jyjgbh']).flatMap((station) => verdicts(register, condition, station)),
        ),
      ...changes.queries,
    },
    amend(amendment) {
      changes.amended(register.amend(amendment));
    },
  };
}

function verdicts(register: Register, condition: Condition, station: Station): Row[] {
  const { kssj = '', jssj, clsbdh, jyjgpd, zdhs } = condition;
  return register
    .verdicts(station)
    .filter(({ standing }) => standing === 'HELD')
    .map(({ row }) => row)
    .filter((row) => clsbdh === undefined || valueAt(row, 'clsbdh') === clsbdh)
    .filter((row) => jyjgpd === undefined || valueAt(row, 'jyjgpd') === jyjgpd)
    .map((row) => ({ row, startedAt: valueAt(row, 'kssj') }))
    .filter(({ startedAt }) => startedAt >= kssj && (jssj === undefined || startedAt <= jssj))
    .toSorted((left, right) => (left.startedAt < right.startedAt ? 1 : -Number(left.startedAt > right.startedAt)))
    .slice(0, zdhs === undefined ? MOST_VERDICTS : Number(zdhs))
    .map(({ row }) => row);
}
