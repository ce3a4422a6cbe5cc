/** Under what a subject stands on record. Persons and vehicles stand there under a digest that only the hub can make. */
import { createHmac } from 'node:crypto';
import { holdsPersonalData } from '../personal-patterns.ts';

export const SUBJECT_KINDS = ['institution', 'report', 'certificate', 'notice', 'recognition', 'inspection'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** What callers write where a number is asked for need not be one; a name has no digit. */
const NUMBER = /^(?=.*\p{N})[\p{L}\p{N}〔〕()（）[\]\-_./:]{1,64}$/u;

/** @returns e.g. "institution:91520115MAYDM00198"; null for a text that is no such number */
export function subjectKey(kind: SubjectKind, number: string): string | null {
  const tidied = number.normalize('NFKC').trim();
  return NUMBER.test(tidied) && !holdsPersonalData(tidied) ? `${kind}:${tidied}` : null;
}

/** Half of SM3: long enough that no two meet. */
const DIGEST_LENGTH = 32;

const tidy = (text: string): string => text.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase();

/** Makes the keys of persons and vehicles. */
export interface PersonKeys {
  /** @param name in full */
  person(name: string): string;
  /** @param number VIN or plate, in full */
  vehicle(number: string): string;
}

/**
 * HMAC with SM3: the same name has the same digest, and without the key nobody can try names out.
 * @param key 32 random bytes
 */
export function personKeys(key: Buffer): PersonKeys {
  const digest = (kind: string, text: string): string =>
    `${kind}:${createHmac('sm3', key)
      .update(`${kind} ${tidy(text)}`)
      .digest('hex')
      .slice(0, DIGEST_LENGTH)}`;
  return { person: (name) => digest('person', name), vehicle: (number) => digest('vehicle', number) };
}
