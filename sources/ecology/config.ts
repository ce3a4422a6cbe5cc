/** What an operator sets for ecology. */
import { z } from 'zod';
import { maxAgeSetting } from '../kit/freshness.ts';

/** The platform has one address; everything that tells operations apart is in the body. */
const Address = z
  .url({ protocol: /^https?$/ })
  .refine((text) => !URL.canParse(text) || new URL(text).username === '', 'must not carry a user name')
  .describe('The one address of the platform, with its path, e.g. https://10.52.0.9/jcpt/interface');

export const EcologyConfig = z.object({
  ECOLOGY_URL: Address,
  ECOLOGY_AUTHORISATION_CODE: z
    .string()
    .regex(/^\S{8}$/, 'must have 8 characters')
    .describe('Authorisation code (jksqm, 8 characters) issued to the hub; travels inside the body of each call'),
  ECOLOGY_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(1_500)
    .describe('Longest wait for one call on behalf of a query, in milliseconds'),
  ECOLOGY_DIRECTORY_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(30_000)
    .describe('Longest wait for the list of all stations, read in the background, in milliseconds'),
  ECOLOGY_CONCURRENCY: z.coerce
    .number()
    .int()
    .positive()
    .default(16)
    .describe('Calls to the platform in progress at the same time; more wait in line'),
  ECOLOGY_MAX_AGE_SECONDS: maxAgeSetting(
    'INSTITUTIONS=900,QUALIFICATIONS=900,FACILITIES=900,INSPECTIONS=300,REPORTS=300,PENALTIES=900',
  ),
});
export type EcologyConfig = z.infer<typeof EcologyConfig>;
