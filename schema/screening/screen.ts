import type { HubContext } from '../context.ts';
import { screenInstitution } from './screen-institution.ts';
import { screenReport } from './screen-report.ts';
import type { Screened, ScreenedKind } from './screened.ts';

export interface ScreenedKey {
  readonly kind: ScreenedKind;
  /** As somebody wrote it. */
  readonly text: string;
}

/**
 * All of them in one operation: the departments are asked as often as for one.
 * @returns one answer per key, same order
 */
export const screen = (keys: readonly ScreenedKey[], context: HubContext): Promise<readonly Screened[]> =>
  Promise.all(
    keys.map(({ kind, text }) => (kind === 'REPORT' ? screenReport(text, context) : screenInstitution(text, context))),
  );
