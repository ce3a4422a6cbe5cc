/**
 * Records whose keys change their case inside one interface (`TsNo`/`tsno`, `Id`/`id`; wire-formats B.6), read under the
 * one spelling that the dictionary declares, with the family's ways of writing nothing and numbers made equal first.
 */
import { z } from 'zod';

const problemUnless =
  (wanted: string) =>
  ({ input }: { readonly input?: unknown }): string => {
    if (input === undefined) return 'is missing';
    return input === null ? 'is empty' : `is not ${wanted}`;
  };
const word = z.string({ error: problemUnless('text') });

/** A value that must be there. */
export const required = word;

/** A value whose key must be there; null where it is empty. A missing key is another interface, not a missing value. */
export const text = word.nullable();

/** A value whose key some stations leave out; null where it is empty or absent. */
export const maybe = word.nullable().default(null);

/** A list that must be there; it may be empty. */
export function list<S extends z.ZodType>(element: S): z.ZodArray<S> {
  return z.array(element, { error: problemUnless('a list') });
}

/** Text without the blanks around it, a number as its digits, null for empty text; everything else stays as it is. */
function tidy(value: unknown): unknown {
  if (typeof value === 'string') {
    const trimmed = value.trim();
    return trimmed === '' ? null : trimmed;
  }
  return typeof value === 'number' ? String(value) : value;
}

/**
 * The schema over records with unstable keys. Keys that the dictionary does not declare are dropped here, personal data
 * among them; a key that comes twice in different case must have one value.
 * @param schema its keys in the documented spelling, which is also the one in error paths
 * @param moreKeys further keys to keep, read by the schema's catchall
 */
export function unstableKeys<S extends z.ZodObject>(
  schema: S,
  moreKeys: readonly string[] = [],
): z.ZodType<z.output<S>> {
  const names = [...Object.keys(schema.shape), ...moreKeys];
  const spelling = new Map([
    ...names.map((name) => [name.toLowerCase(), name] as const),
    ...names.map((name) => [name, name] as const),
  ]);
  return z
    .unknown()
    .transform((row, context) => {
      if (typeof row !== 'object' || row === null || Array.isArray(row)) {
        context.addIssue({ code: 'custom', message: 'is not a record' });
        return z.NEVER;
      }
      const declared: Record<string, unknown> = {};
      for (const [key, sent] of Object.entries(row)) {
        const name = spelling.get(key) ?? spelling.get(key.toLowerCase());
        if (name === undefined) continue;
        const value = tidy(sent);
        if (declared[name] !== undefined && declared[name] !== value) {
          context.addIssue({ code: 'custom', message: 'comes twice with different values', path: [name] });
          return z.NEVER;
        }
        declared[name] = value;
      }
      return declared;
    })
    .pipe(schema);
}

/**
 * A value of a record that may be malformed elsewhere.
 * @returns null when the record or the value cannot be read
 */
export function peek(row: unknown, name: string): string | null {
  if (typeof row !== 'object' || row === null) return null;
  const entry = Object.entries(row).find(([key]) => key.toLowerCase() === name.toLowerCase());
  const value = tidy(entry?.[1]);
  return typeof value === 'string' ? value : null;
}
