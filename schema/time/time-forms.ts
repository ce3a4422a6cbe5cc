/** Times in documents that the hub wrote itself: exactly as it writes them, nothing that merely means the same. */
import { z } from 'zod';
import { parseCalendarDate } from './calendar-date.ts';
import { formatInstant, parseInstant } from './instant.ts';

const written = <T>(parse: (text: string) => T, format: (value: T) => string, message: string) =>
  z.string().transform((text, context) => {
    try {
      const value = parse(text);
      if (format(value) === text) return value;
    } catch {
      // Said below.
    }
    context.addIssue(message);
    return z.NEVER;
  });

/** As {@link formatInstant} writes it. */
export const InstantForm = written(parseInstant, formatInstant, 'is no instant in the time of China');

export const CalendarDateForm = written(parseCalendarDate, (date) => date, 'is no date yyyy-MM-dd');
