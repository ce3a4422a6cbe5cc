import { formatInstant } from '../../schema/time/instant.ts';

/** An instant as the gateway writes it: `yyyy-MM-dd HH:mm:ss` in China. What is finer than a second is cut off. */
export function wallTime(instant: Date): string {
  return formatInstant(instant).slice(0, 19).replace('T', ' ');
}
