import type { Screened, ScreenedKind } from '../../schema/screening/screened.ts';

export function answerTo(key: { readonly kind: ScreenedKind; readonly text: string }): Screened;
