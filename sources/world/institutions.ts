/** Generated institutions, each derived alone from (seed, index). */
import { addDays } from '../../schema/time/calendar-date.ts';
import { LAST_DAY, secondsInto } from './clock.ts';
import { digits, ecologyNumber, institutionCode, policeNumber, transportNumber, withWrongCheck } from './codes.ts';
import { departmentViews } from './department-views.ts';
import { lifeOf } from './life.ts';
import type { Life } from './life.ts';
import { nameOf, personName } from './names.ts';
import { Dice } from './random.ts';
import { fullName, placeOf, prefectureOf } from './regions.ts';
import { FIRST_GENERATED_INDEX, isSpecial, sharedIdentity, SPECIAL_INDEXES } from './special-indexes.ts';
import type { WorldInstitution } from './types.ts';

/** Share of vehicle inspection bodies that one department, a different one each time, does not know. */
export const UNKNOWN_AT_ONE_DEPARTMENT = 0.04;
/** Station numbers from here on belong to the special institutions, whose region is not their own. */
const SPECIAL_STATION_NUMBERS = 8000;

/** The generated institution at this index (from FIRST_GENERATED_INDEX on). */
export function generateInstitution(seed: number, index: number): WorldInstitution {
  const dice = new Dice(seed, index, 'institution');
  const life = lifeOf(seed, index);
  const shared = sharedIdentity(index);
  const { region } = placeOf(seed, (shared?.regionOf ?? index) - FIRST_GENERATED_INDEX);
  const { stationNumber } = placeOf(seed, index - FIRST_GENERATED_INDEX);
  const place = dice.chance(0.12) ? '贵州' : prefectureOf(region).shortName;
  const names = nameOf(dice, index, { kind: life.kinds[0], form: life.form, place, seed });
  const name = shared?.name ?? names.registered;
  const street = `示例路${dice.int(1, 399)}号`;
  const code = institutionCode(life.form, region, index);
  const localNumbers = localNumbersOf(
    dice,
    life,
    region,
    isSpecial(index) ? SPECIAL_STATION_NUMBERS + index : stationNumber,
    index,
  );
  const address = fullName(region) + street;
  return {
    index,
    key: null,
    creditCode: index === SPECIAL_INDEXES.registryConfirmed ? withWrongCheck(code) : code,
    name,
    kinds: life.kinds,
    status: life.status,
    establishedOn: life.establishedOn,
    region,
    address,
    legalRepresentative: personName(dice, 2),
    // 179 is not a range of mobile numbers, so nobody's telephone rings.
    contactPhone: `179${digits(index, 8)}`,
    localNumbers,
    ...departmentViews(seed, { index, life, name, formerName: names.former, region, address, localNumbers }),
    updatedAt: secondsInto(addDays(LAST_DAY, -dice.int(0, 720)), dice.int(8 * 3600, 18 * 3600)),
  };
}

function localNumbersOf(
  dice: Dice,
  life: Life,
  region: string,
  stationNumber: number,
  index: number,
): WorldInstitution['localNumbers'] {
  const ecology = ecologyNumber(region, stationNumber);
  if (life.kinds.includes('ENV_MONITORING_BODY')) return { ecology, transport: null, publicSecurity: null };
  if (!life.kinds.includes('VEHICLE_INSPECTION_BODY')) return { ecology: null, transport: null, publicSecurity: null };
  const gap = dice.chance(UNKNOWN_AT_ONE_DEPARTMENT) ? dice.pick(['ecology', 'transport', 'publicSecurity']) : null;
  const missing = isSpecial(index) ? null : gap;
  return {
    ecology: missing === 'ecology' ? null : ecology,
    transport: missing === 'transport' ? null : transportNumber(region, stationNumber),
    publicSecurity: missing === 'publicSecurity' ? null : policeNumber(region, index),
  };
}
