import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { projectRoot } from '../project-root.ts';

/** A six-digit division code (GB/T 2260). It has the form of one; the division need not exist (any more). */
export type RegionCode = string & { readonly __brand: 'RegionCode' };

/** The first 2, 4 or 6 digits of division codes: a province, a prefecture or a county with all it contains. */
export type RegionPrefix = string & { readonly __brand: 'RegionPrefix' };

/** A division with its names. */
export interface Region {
  readonly code: RegionCode;
  /** The code itself when the division is unknown. */
  readonly name: string;
  /** Names from the province down to the division itself; of an unknown division only the levels that are known. */
  readonly path: string[];
}

const CODE_SHAPE = /^[1-9]\d{5}$/;
const PREFIX_SHAPE = /^[1-9]\d(?:\d{2}){0,2}$/;

/**
 * Name by code. The file is read and not imported: JSON modules are still experimental in the supported Node, and the
 * compiled code finds the file where the sources do.
 */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(
    z
      .record(z.string().regex(CODE_SHAPE), z.string().min(1))
      .parse(JSON.parse(readFileSync(join(projectRoot, 'schema/region/divisions.json'), 'utf8'))),
  ),
);

/**
 * Codes that old records still carry, with the code of the division that took over. Only renamed or merged divisions of
 * Guizhou whose successor is one single division.
 */
const SUCCESSORS: ReadonlyMap<string, RegionCode> = new Map(
  [
    ['520221', '520204'], // 水城县 -> 水城区
    ['520522', '520581'], // 黔西县 -> 黔西市
    ['520114', '520111'], // 小河区 -> 花溪区
    ['522200', '520600'], // 铜仁地区 -> 铜仁市
    ['522400', '520500'], // 毕节地区 -> 毕节市
    ['522322', '522302'], // 兴仁县 -> 兴仁市
    ['520222', '520281'], // 盘县 -> 盘州市
  ].map(([old = '', current = '']) => [old, parseRegionCode(current)]),
);

/**
 * Reads a division code.
 * @param text exactly six digits, the first of them not 0. The division need not be known.
 * @throws HubError INPUT_INVALID.
 */
export function parseRegionCode(text: string): RegionCode {
  if (!CODE_SHAPE.test(text)) {
    throw new HubError('INPUT_INVALID', 'A division code has exactly six digits (GB/T 2260), for example 520100.');
  }
  return text as RegionCode;
}

/**
 * Reads the division a filter asks for, with everything below it.
 * @param text 2, 4 or 6 digits; trailing pairs of zeros mean the level above, so 520000 and 52 are the same. The code of
 *   a division that was replaced means its successor.
 * @returns 2, 4 or 6 digits to compare with `regionWithin`.
 * @throws HubError INPUT_INVALID.
 */
export function parseRegionPrefix(text: string): RegionPrefix {
  if (!PREFIX_SHAPE.test(text)) {
    throw new HubError(
      'INPUT_INVALID',
      'A division is given by 2, 4 or 6 digits (GB/T 2260), for example 52 or 520100.',
    );
  }
  const code = currentRegionCode(parseRegionCode(text.padEnd(6, '0')));
  return code.replace(/(?:00){1,2}$/, '') as RegionPrefix;
}

/**
 * The division with its name and the names of the divisions it lies in. A replaced code answers with its successor.
 * Never throws: an unknown code is shown as it is.
 */
export function regionOf(code: RegionCode): Region {
  const current = currentRegionCode(code);
  const levels = new Set([`${current.slice(0, 2)}0000`, `${current.slice(0, 4)}00`, current]);
  const path = [...levels].flatMap((level) => NAMES.get(level) ?? []);
  return { code: current, name: NAMES.get(current) ?? current, path };
}

/** The code that counts today: the successor of a replaced division, otherwise the code itself. */
export function currentRegionCode(code: RegionCode): RegionCode {
  return SUCCESSORS.get(code) ?? code;
}

/** Whether a division is the given one or lies in it. A replaced code counts where its successor lies. */
export function regionWithin(code: RegionCode, prefix: RegionPrefix): boolean {
  return currentRegionCode(code).startsWith(prefix);
}
