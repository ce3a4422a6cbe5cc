/** What an operator sets for market regulation. */
import { z } from 'zod';
import { maxAgeSetting } from '../kit/freshness.ts';

/** May carry a base path (a gateway in front of the service), never credentials. */
const Address = z
  .url({ protocol: /^https?$/ })
  .refine((text) => !URL.canParse(text) || new URL(text).username === '', 'must not carry a user name')
  .describe('Address of the data service, without /openapi/v2, e.g. https://10.52.0.8/jyjc');

export const MarketRegulationConfig = z.object({
  MARKET_REGULATION_URL: Address,
  MARKET_REGULATION_APP_KEY: z.string().min(1).describe('Application key issued to the hub (X-App-Key)'),
  MARKET_REGULATION_APP_SECRET: z
    .string()
    .min(1)
    .describe('Secret of that application; signs each call with SM3-HMAC and is never sent'),
  MARKET_REGULATION_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(1_000)
    .describe(
      'Longest wait for one call on behalf of a query, in milliseconds; others are asked after the register, so it must leave them time',
    ),
  MARKET_REGULATION_CONCURRENCY: z.coerce
    .number()
    .int()
    .positive()
    .default(16)
    .describe('Calls to the service in progress at the same time; more wait in line'),
  MARKET_REGULATION_MAX_AGE_SECONDS: maxAgeSetting(
    'INSTITUTIONS=600,QUALIFICATIONS=600,REPORTS=600,PENALTIES=600,LIST_ENTRIES=600',
  ),
});
export type MarketRegulationConfig = z.infer<typeof MarketRegulationConfig>;
