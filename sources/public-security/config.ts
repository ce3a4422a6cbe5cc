/** What an operator sets for public security. */
import { z } from 'zod';
import { maxAgeSetting } from '../kit/freshness.ts';

const milliseconds = z.coerce.number().int().positive();

export const PublicSecurityConfig = z.object({
  PUBLIC_SECURITY_URL: z
    .url({ protocol: /^https?$/ })
    .refine((text) => !URL.canParse(text) || new URL(text).username === '', 'must not carry a user name')
    .describe('Address of the gateway with the path of its application, e.g. http://10.52.0.4:9080/pnweb'),
  PUBLIC_SECURITY_SERIAL: z
    .string()
    .min(1)
    .describe('Interface serial number (jkxlh, 70 to 80 hexadecimal characters) issued to the hub; a secret'),
  PUBLIC_SECURITY_VARIANT: z
    .enum(['plain', 'new'])
    .default('new')
    .describe('Which service to call: plain = TmriOutAccess/queryObjectOut, new = TmriOutNewAccess/queryObjectOutNew'),
  PUBLIC_SECURITY_SCENE: z
    .string()
    .default('')
    .describe('Scene authorisation (cjsqbh, new only): one number for all, or a list such as 18C01=A17,18Q90=A18'),
  PUBLIC_SECURITY_UNIT_CODE: z
    .string()
    .default('520000000400')
    .describe('Organisation code of the calling unit (dwjgdm, GA 380, 12 digits; new only)'),
  PUBLIC_SECURITY_UNIT_NAME: z.string().default('').describe('Name of the calling unit (dwmc; new only)'),
  PUBLIC_SECURITY_TERMINAL: z
    .string()
    .default('127.0.0.1')
    .describe('Terminal (zdbs): the address of the hub as registered for the serial number; new only'),
  PUBLIC_SECURITY_ISSUING_OFFICES: z
    .string()
    .default('贵A,贵B,贵C,贵D,贵E,贵F,贵G,贵H,贵J')
    .describe('Issuing offices (fzjg) whose stations make up the directory, one call each; empty = one call for all'),
  PUBLIC_SECURITY_PROVINCE: z
    .string()
    .regex(/^\p{Script=Han}$/u, 'must be one Chinese character')
    .default('贵')
    .describe('Province character put back in front of plate numbers, which the gateway leaves out'),
  PUBLIC_SECURITY_TIMEOUT_MS: milliseconds
    .default(1_500)
    .describe('Longest wait for one call on behalf of a query, in milliseconds'),
  PUBLIC_SECURITY_DIRECTORY_TIMEOUT_MS: milliseconds
    .default(30_000)
    .describe('Longest wait for the list of all stations, read in the background, in milliseconds'),
  PUBLIC_SECURITY_CONCURRENCY: z.coerce
    .number()
    .int()
    .positive()
    .default(16)
    .describe('Calls to the gateway in progress at the same time; more wait in line'),
  PUBLIC_SECURITY_MAX_AGE_SECONDS: maxAgeSetting(
    'INSTITUTIONS=900,QUALIFICATIONS=900,FACILITIES=900,INSPECTIONS=300,REPORTS=300',
  ),
});
export type PublicSecurityConfig = z.infer<typeof PublicSecurityConfig>;
