/** What callers may send, and the refusal of everything else. */
import { z } from 'zod';
import { SERVICE_CODES } from '../envelope.ts';

const MAX_BATCH = 5_000;

/** The service's own error: an envelope with this code and no data. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  constructor(readonly code: string) {
    super(`code ${code}`);
  }
}

const Codes = z.object({ codes: z.array(z.string()).max(MAX_BATCH) });
const Numbers = z.object({ numbers: z.array(z.string()).max(MAX_BATCH) });
const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const Conditions = z.object({
  conditions: z
    .array(
      z.object({
        UNISCID: z.string(),
        FROM: Day.nullish(),
        TO: Day.nullish(),
        NUMBER: z.string().nullish(),
        LIMIT: z.number().int().nonnegative(),
      }),
    )
    .max(MAX_BATCH),
});
export type ReportCondition = z.infer<typeof Conditions>['conditions'][number];

function bodyOf<T>(schema: z.ZodType<T>, body: string): T {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new ServiceError(SERVICE_CODES.PARAMETER_WRONG);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new ServiceError(SERVICE_CODES.PARAMETER_WRONG);
  return parsed.data;
}

export const codesOf = (body: string): string[] => [...new Set(bodyOf(Codes, body).codes)];
export const numbersOf = (body: string): string[] => [...new Set(bodyOf(Numbers, body).numbers)];
export const conditionsOf = (body: string): ReportCondition[] => bodyOf(Conditions, body).conditions;

const ChangeParameters = z.object({
  since: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).default(200),
});
export type ChangeParameters = z.infer<typeof ChangeParameters>;

const Flag = z.enum(['0', '1']);
const ListParameters = z.object({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).default(200),
  text: z.string().default(''),
  region: z
    .string()
    .regex(/^\d{0,6}$/)
    .default(''),
  kinds: z
    .string()
    .transform((text) => text.split(','))
    .optional(),
  listed: Flag.optional(),
  certState: z.string().optional(),
  orderBy: z.enum(['name', 'updated']).default('name'),
});
export type ListParameters = z.infer<typeof ListParameters>;

function parametersOf<T>(schema: z.ZodType<T>, query: URLSearchParams): T {
  const parsed = schema.safeParse(Object.fromEntries(query));
  if (!parsed.success) throw new ServiceError(SERVICE_CODES.PARAMETER_WRONG);
  return parsed.data;
}

export const listParametersOf = (query: URLSearchParams): ListParameters => parametersOf(ListParameters, query);
export const changeParametersOf = (query: URLSearchParams): ChangeParameters => parametersOf(ChangeParameters, query);
