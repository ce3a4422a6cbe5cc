import { HubError } from '../errors.ts';
import { normaliseCode } from './credit-code.ts';

/** The outcome of looking at a text that claims to be a vehicle identification number. */
export interface VinCheck {
  /** WARN: right form, wrong check character. Imported and old vehicles carry such numbers, so they are not refused. */
  readonly verdict: 'OK' | 'WARN' | 'REJECT';
  readonly normalised: string;
  /** 1-based: 9 for WARN; for REJECT the first foreign character, the first missing position, or 18 when too long. */
  readonly position?: number;
}

const LENGTH = 17;
const CHECK_INDEX = 8;
const SHAPE = /^[0-9A-HJ-NPR-Z]{17}$/;
/** Position 9 itself weighs nothing. */
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2] as const;
/** The number each character stands for; I, O and Q do not occur. */
const VALUES: ReadonlyMap<string, number> = new Map<string, number>([
  ...Array.from('0123456789', (character, value) => [character, value] as const),
  ...Array.from('ABCDEFGH', (character, index) => [character, index + 1] as const),
  ...Array.from('JKLMN', (character, index) => [character, index + 1] as const),
  ['P', 7],
  ['R', 9],
  ...Array.from('STUVWXYZ', (character, index) => [character, index + 2] as const),
]);

/**
 * Examines a vehicle identification number (车辆识别代号). Never throws.
 * @param text the number as somebody wrote it; blanks, hyphens, case and full-width forms do not matter.
 * @remarks GB 16735: 17 characters without I, O and Q, check character in position 9.
 */
export function checkVin(text: string): VinCheck {
  const normalised = normaliseCode(text);
  const foreign = firstForeignPosition(normalised);
  if (foreign !== null) return { verdict: 'REJECT', normalised, position: foreign };
  return normalised.charAt(CHECK_INDEX) === checkCharacter(normalised)
    ? { verdict: 'OK', normalised }
    : { verdict: 'WARN', normalised, position: CHECK_INDEX + 1 };
}

/**
 * Puts the right check character into position 9.
 * @param vin 17 characters, upper case; whatever stands in position 9 is replaced.
 * @returns a number that `checkVin` finds OK.
 * @throws HubError INPUT_INVALID with `details.position` when another position does not fit.
 */
export function completeVin(vin: string): string {
  const start = vin.slice(0, CHECK_INDEX);
  const end = vin.slice(CHECK_INDEX + 1);
  const position = firstForeignPosition(vin.length > CHECK_INDEX ? `${start}0${end}` : start);
  if (position !== null) {
    throw new HubError(
      'INPUT_INVALID',
      `A vehicle identification number has 17 digits or capital letters other than I, O, Q; position ${position} does not fit.`,
      { details: { position } },
    );
  }
  return start + checkCharacter(vin) + end;
}

/** 1-based position of the first foreign or missing character, 18 when the text is too long, null when it fits. */
function firstForeignPosition(vin: string): number | null {
  if (SHAPE.test(vin)) return null;
  const characters = Array.from(vin);
  if (characters.length !== LENGTH) return Math.min(characters.length, LENGTH) + 1;
  return characters.findIndex((character) => !VALUES.has(character)) + 1;
}

/** Position 9 has no weight, so it does not matter what stands there. */
function checkCharacter(vin: string): string {
  const sum = WEIGHTS.reduce<number>(
    (total, weight, index) => total + (VALUES.get(vin.charAt(index)) ?? 0) * weight,
    0,
  );
  return sum % 11 === 10 ? 'X' : String(sum % 11);
}
