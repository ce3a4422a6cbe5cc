/** What the department holds at the moment: the world's facts as rows, with what has been amended since. */
import type { z } from 'zod';
import { startOfDay } from '../../../schema/time/calendar-date.ts';
import type { Amendment } from '../../kit/upstream/amendment.ts';
import type { World, WorldInstitution } from '../../world/types.ts';
import { amendBlock, amendFiling, amendLine, amendStation, amendVerdict, edited, withoutBlock } from './amend-rows.ts';
import { Amendments, latest, standingOf, type Standing } from './amendments.ts';
import type { Row } from './documents.ts';
import { BLOCK_PREFIXES, inspectionRow, lineRow, officeOf, stationRow, valueAt, wallTime } from './rows.ts';

export interface Station {
  readonly institution: WorldInstitution;
  readonly number: string;
}

/** A row and its place among the changes. */
export interface HeldRow {
  readonly recordId: string;
  /** `yyyy-MM-dd HH:mm:ss` by the department's clock. */
  readonly updatedAt: string;
  readonly standing: Standing;
  readonly row: Row;
}

/** State of a filing that is only applied for. */
const APPLICATION = '3';

const DELIVERY_STEP_SECONDS = 37;
const NIGHT_SECONDS = 6 * 60 * 60;

export class Register {
  readonly #world: World;
  readonly #amendments = new Amendments();
  #stationsByOffice: ReadonlyMap<string, readonly Station[]> | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  /** @param office null = all of the province */
  stations(office: string | null): readonly Station[] {
    this.#stationsByOffice ??= groupByOffice(this.#world);
    return office === null ? [...this.#stationsByOffice.values()].flat() : (this.#stationsByOffice.get(office) ?? []);
  }

  stationAt(number: string): Station | null {
    const institution = this.#world.byPoliceNumber(number);
    return institution === undefined ? null : { institution, number };
  }

  /** The row of 18C01, which is the station and its filing. */
  station({ institution, number }: Station): HeldRow {
    const { states, ...place } = this.stationPlace({ institution, number });
    const [station, filing] = states;
    const row = amendFiling(amendStation(stationRow(this.#world, institution, number), station), filing);
    return { ...place, row: edited(row, 'gxrq', () => place.updatedAt) };
  }

  /** Where the station's row stands; cheaper than the row itself. */
  stationPlace({ institution, number }: Station) {
    const states = [
      this.#amendments.stateOf('institutions', number),
      this.#amendments.stateOf('qualifications', number),
    ] as const;
    const updatedAt = wallTime(latest(institution.updatedAt, states));
    return { recordId: number, updatedAt, standing: standingOf(states), states };
  }

  /** The rows of 18C02, one per line, without what is withdrawn. */
  lines(station: Station): Row[] {
    return this.#amendedLines(station)
      .filter(({ line }) => line.standing === 'HELD')
      .map(({ row, blocks }) =>
        blocks
          .filter(({ standing }) => standing !== 'HELD')
          .reduce((rest, { prefix }) => withoutBlock(rest, prefix), row),
      );
  }

  /** The rows of 18Q92: each line and each of its blocks for itself. */
  facilities(station: Station): HeldRow[] {
    return this.#amendedLines(station).flatMap(({ row, updatedAt, line, blocks }): HeldRow[] => [
      { ...line, updatedAt, row: [['sbdm', ''], ...row.filter(([name]) => blockOf(name) === null)] },
      ...blocks.map(({ prefix, recordId, standing }) => ({
        recordId,
        updatedAt,
        standing: line.standing === 'HELD' ? standing : line.standing,
        row: [
          ['sbdm', prefix] as const,
          ...row.filter(([name]) => ['jczbh', 'jcxxh', 'gxrq'].includes(name) || blockOf(name) === prefix),
        ],
      })),
    ]);
  }

  /** The rows of 18Q90 and 18Q93, newest inspection first; costly, because the world draws a station's visits anew. */
  verdicts({ institution, number }: Station): HeldRow[] {
    const delivered = this.#deliveryOf(institution);
    return this.#world.visitsOf(institution).flatMap((visit): HeldRow[] => {
      const original = inspectionRow(institution, number, visit);
      if (original === null) return [];
      const recordId = verdictIdOf(original);
      const state = this.#amendments.stateOf('inspections', recordId);
      const updatedAt = wallTime(state.updatedAt ?? delivered);
      return [{ recordId, updatedAt, standing: state.standing, row: amendVerdict(original, state) }];
    });
  }

  /** All update times of {@link facilities}, and perhaps some that none of them has any more. */
  timesOfFacilities({ institution, number }: Station): string[] {
    return [institution.updatedAt, ...this.#amendments.timesOf('facilities', number)].map(wallTime);
  }

  /** All update times of {@link verdicts}, and perhaps some that none of them has any more. */
  timesOfVerdicts({ institution, number }: Station): string[] {
    return [this.#deliveryOf(institution), ...this.#amendments.timesOf('inspections', number)].map(wallTime);
  }

  /**
   * @returns the station whose record has changed
   * @throws Error when there is no such record
   */
  amend(amendment: z.output<typeof Amendment>): Station {
    const { read, recordId } = amendment;
    const station = this.stationAt(recordId.slice(0, 10));
    if (station === null || !this.#recordIds(read, station).includes(recordId))
      throw new Error(`public security has no record ${recordId} of ${read}`);
    this.#amendments.apply(amendment, station.number);
    return station;
  }

  /** Stations deliver their verdicts in the first hours of the world's day, one after the other. */
  #deliveryOf({ index }: WorldInstitution): Date {
    return new Date(startOfDay(this.#world.today).getTime() + ((index * DELIVERY_STEP_SECONDS) % NIGHT_SECONDS) * 1000);
  }

  #recordIds(read: z.output<typeof Amendment>['read'], station: Station): string[] {
    const idsOf = (rows: readonly HeldRow[]) => rows.map(({ recordId }) => recordId);
    switch (read) {
      case 'institutions':
        return [station.number];
      case 'qualifications':
        return this.#world.policeFilingOf(station.institution)?.status === APPLICATION ? [] : [station.number];
      case 'facilities':
        return idsOf(this.facilities(station));
      case 'inspections':
        return idsOf(this.verdicts(station));
      default:
        return [];
    }
  }

  /** Lines with the records in them; the time of the row is that of its newest record. */
  #amendedLines({ institution, number }: Station) {
    return this.#world.linesOf(institution).map((each) => {
      const original = lineRow(institution, number, each);
      const lineId = `${number}-${each.lineNumber}`;
      const lineState = this.#amendments.stateOf('facilities', lineId);
      const blocks = BLOCK_PREFIXES.filter((prefix) => valueAt(original, `${prefix}mc`) !== '').map((prefix) => {
        const recordId = `${lineId}-${prefix}-${valueAt(original, `${prefix}bh`)}`;
        return { prefix, recordId, state: this.#amendments.stateOf('facilities', recordId) };
      });
      const updatedAt = wallTime(latest(institution.updatedAt, [lineState, ...blocks.map(({ state }) => state)]));
      const row = blocks.reduce((rest, { prefix, state }) => amendBlock(rest, prefix, state), original);
      return {
        updatedAt,
        row: edited(amendLine(row, lineState), 'gxrq', () => updatedAt),
        line: { recordId: lineId, standing: lineState.standing },
        blocks: blocks.map(({ prefix, recordId, state }) => ({ prefix, recordId, standing: state.standing })),
      };
    });
  }
}

/** The station, the serial number within it, and the pass from the second on. */
function verdictIdOf(row: Row): string {
  const [station, serial, pass] = ['jyjgbh', 'jylsh', 'jycs'].map((name) => valueAt(row, name));
  const id = serial?.startsWith(station ?? '') === true ? serial : `${station}-${serial}`;
  return pass === '1' ? id : `${id}-${pass}`;
}

function blockOf(name: string): string | null {
  return BLOCK_PREFIXES.find((prefix) => name.startsWith(prefix)) ?? null;
}

function groupByOffice(world: World): Map<string, Station[]> {
  const stations = new Map<string, Station[]>();
  for (const institution of world.institutions) {
    const number = institution.localNumbers.publicSecurity;
    if (number === null) continue;
    const office = officeOf(institution);
    const group = stations.get(office);
    if (group === undefined) stations.set(office, [{ institution, number }]);
    else group.push({ institution, number });
  }
  return stations;
}
