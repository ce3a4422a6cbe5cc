import { z } from 'zod';

/** A setting that is a whole number, written in digits. */
export const wholeNumber = (from: number, to: number) => {
  const message = `must be a whole number from ${from} to ${to}`;
  return z
    .string()
    .trim()
    .regex(/^\d{1,12}$/, message)
    .transform(Number)
    .pipe(z.number().min(from, message).max(to, message));
};
