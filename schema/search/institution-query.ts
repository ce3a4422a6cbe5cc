import { z } from 'zod';
import { normaliseCode } from '../codes/credit-code.ts';
import { HubError } from '../errors.ts';
import { comparableName } from '../identity/institution-name.ts';
import type { InstitutionOrder } from '../ports.ts';
import {
  INSTITUTION_KINDS,
  QUALIFICATION_STATUSES,
  type InstitutionKind,
  type QualificationStatus,
} from '../records.ts';
import { parseRegionPrefix } from '../region/region.ts';
import { checkPageSize } from '../relay/page-size.ts';
import { RISK_CLASSES, type RiskClass } from './institution-entry.model.ts';
import { termsToAsk } from './institution-terms.ts';
import { numberWord, wordsToAsk } from './institution-words.ts';

/** What is searched; null does not filter, an empty choice matches nothing. */
export interface InstitutionQuery {
  /** Part of the name, a credit code or its beginning, or a whole CMA number. */
  readonly text: string | null;
  /** 2, 4 or 6 digits, as `parseRegionPrefix` reads them. */
  readonly regionPrefix: string | null;
  readonly kinds: readonly InstitutionKind[] | null;
  readonly riskClasses: readonly RiskClass[] | null;
  readonly listed: boolean | null;
  readonly qualification: QualificationStatus | null;
  readonly orderBy: InstitutionOrder;
  /** Rows per page, 1 to 100. */
  readonly first: number;
  /** Cursor of a row of the same order; null = from the beginning. */
  readonly after: string | null;
}

/** One way to match, all of whose conditions hold together. An institution may match in several ways. */
export interface Branch {
  /** Terms, the most telling first. */
  readonly terms: readonly string[];
  readonly words: readonly string[];
  /** What the comparable name contains, beyond what the words say; null when they say it all. */
  readonly name: string | null;
  /** How the credit code begins. */
  readonly codeBeginning: string | null;
  readonly isUnlisted: boolean;
  readonly hasValidQualification: boolean;
}

const MAX_TEXT_LENGTH = 200;
/** At least the class of body and the province; shorter texts are parts of names. */
const CODE_BEGINNING = /^[0-9A-HJ-NPQRTUWXY]{2}(?:\d{2,6}|\d{6}[0-9A-HJ-NPQRTUWXY]{1,10})$/;

const Query = z.object({
  text: z.string().max(MAX_TEXT_LENGTH).nullable(),
  regionPrefix: z.string().nullable(),
  kinds: z.array(z.enum(INSTITUTION_KINDS)).nullable(),
  riskClasses: z.array(z.enum(RISK_CLASSES)).nullable(),
  listed: z.boolean().nullable(),
  qualification: z.enum(QUALIFICATION_STATUSES).nullable(),
  orderBy: z.enum(['NAME', 'UPDATED_DESC', 'RISK_DESC']),
  first: z.int(),
  after: z.string().nullable(),
});

/**
 * Checks a query that came from outside, so that nothing but plain values goes into the database's filter.
 * @throws HubError INPUT_INVALID naming the part that is wrong
 */
export function checkQuery(query: InstitutionQuery): InstitutionQuery {
  const parsed = Query.safeParse(query);
  if (!parsed.success) {
    const part = parsed.error.issues[0]?.path[0];
    throw new HubError('INPUT_INVALID', `The filter cannot be used: "${String(part ?? 'filter')}" is wrong.`);
  }
  checkPageSize(parsed.data.first);
  return parsed.data;
}

/**
 * The ways to match a query: one per kind, class and reading of the text.
 * @throws HubError INPUT_INVALID for a division that cannot be one
 */
export function branchesOf(query: InstitutionQuery): Branch[] {
  const { regionPrefix, listed, qualification } = query;
  const regions = regionPrefix === null ? [] : [parseRegionPrefix(regionPrefix)];
  return choices(query.kinds).flatMap((kind) =>
    choices(query.riskClasses).flatMap((riskClass) => {
      const terms = termsToAsk({
        regions,
        kinds: kind === null ? [] : [kind],
        riskClass,
        listed: listed === true,
        qualificationStatuses: qualification === null ? [] : [qualification],
      });
      return readingsOf(query.text).map((reading) => ({
        ...reading,
        terms,
        isUnlisted: listed === false,
        hasValidQualification: qualification === 'VALID',
      }));
    }),
  );
}

type Reading = Pick<Branch, 'words' | 'name' | 'codeBeginning'>;

const NO_READING: Reading = { words: [], name: null, codeBeginning: null };

/** What a text may mean. A text without a letter, a character or a digit filters nothing. */
function readingsOf(text: string | null): Reading[] {
  const name = comparableName(text ?? '');
  if (text === null || name === '') return [NO_READING];
  const code = normaliseCode(text);
  const number = numberWord(text);
  const words = wordsToAsk(name);
  // One word says it all; the pairs of a longer text may stand apart from each other in a name.
  const isLong = Array.from(name).length > 2;
  return [
    { ...NO_READING, words, name: isLong ? name : null },
    ...(CODE_BEGINNING.test(code) ? [{ ...NO_READING, codeBeginning: code }] : []),
    ...(number === null ? [] : [{ ...NO_READING, words: [number] }]),
  ];
}

/** The values of a choice, or one null for "any". */
function choices<T>(values: readonly T[] | null): readonly (T | null)[] {
  return values === null ? [null] : [...new Set(values)];
}
