/** Recognitions of the reports of a page, in one statement. */
import DataLoader from 'dataloader';
import type { RecognitionParts } from '../context.ts';
import type { Recognition } from './recognition.ts';

interface ReportKey {
  readonly creditCode: string;
  readonly number: string;
}

const keyOf = ({ creditCode, number }: ReportKey): string => `${creditCode}|${number}`;

/** @param recognitions null: there are none */
export function createRecognitionLoader(
  recognitions: RecognitionParts | null,
): DataLoader<ReportKey, readonly Recognition[], string> {
  return new DataLoader(
    async (keys) => {
      const found =
        (await recognitions?.service.store.where({
          kind: 'REPORT',
          $or: keys.map(({ creditCode, number }) => ({ 'institution.creditCode': creditCode, number })),
        })) ?? [];
      const byReport = new Map<string, Recognition[]>();
      for (const each of found.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())) {
        const key = keyOf({ creditCode: each.institution.creditCode, number: each.number });
        byReport.set(key, [...(byReport.get(key) ?? []), each]);
      }
      return keys.map((key) => byReport.get(keyOf(key)) ?? []);
    },
    { cacheKeyFn: keyOf },
  );
}
