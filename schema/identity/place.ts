/** Places as far as matching needs them: by division codes, a retired code and its successor being one place. */
import { currentRegionCode, parseRegionCode } from '../region/region.ts';

/** A retired division code and its successor are one place; '' where the place is not known. */
export function regionKey(code: string | null): string {
  if (code === null) return '';
  try {
    return currentRegionCode(parseRegionCode(code));
  } catch {
    return code;
  }
}

/**
 * How two places stand to each other. VAGUE: they may be one place, since one of them is not known or is a larger
 * division around the other.
 */
export function comparePlaces(a: string | null, b: string | null): 'SAME' | 'VAGUE' | 'OTHER' {
  const [one, other] = [regionKey(a), regionKey(b)];
  if (one === '' || other === '') return 'VAGUE';
  if (one === other) return 'SAME';
  const [within, without] = [withoutZeros(one), withoutZeros(other)];
  return within.startsWith(without) || without.startsWith(within) ? 'VAGUE' : 'OTHER';
}

const withoutZeros = (code: string): string => code.replace(/(?:00){1,2}$/, '');
