/** What an operator sets for transport. */
import { z } from 'zod';
import { maxAgeSetting } from '../kit/freshness.ts';
import { isExchangeDatabaseUrl } from '../kit/mesh-handlers/exchange-database/open-database.ts';

export const TransportConfig = z.object({
  TRANSPORT_DATABASE_URL: z
    .string()
    .refine(isExchangeDatabaseUrl, 'must be postgres://user:password@host/database, or mysql:// or mariadb:// alike')
    .describe(
      'Address of the exchange database with user and password: postgres://, postgresql://, mysql:// or mariadb://; ' +
        '?sslmode=require encrypts, ?sslmode=verify-full also checks the certificate',
    ),
  TRANSPORT_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(1_500)
    .describe('Longest wait for one statement on behalf of a query, in milliseconds; the server gives up after it too'),
  TRANSPORT_FEED_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(10_000)
    .describe('Longest wait for a page of changes or a receipt, in the background, in milliseconds'),
  TRANSPORT_CONCURRENCY: z.coerce
    .number()
    .int()
    .positive()
    .default(8)
    .describe(
      'Calls in progress at the same time, and connections for queries; more wait in line; the background has four of its own',
    ),
  TRANSPORT_MAX_AGE_SECONDS: maxAgeSetting(
    'INSTITUTIONS=900,QUALIFICATIONS=900,INSPECTIONS=600,REPORTS=600,PENALTIES=900',
  ),
});
export type TransportConfig = z.infer<typeof TransportConfig>;
