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
import { checkPageSize } from '../relay/connection.ts';
import { RISK_CLASSES, type RiskClass } from './institution-entry.model.ts';
import { bigramTerms, numberTerm, termsToAsk } from './institution-terms.ts';

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
  /** What the comparable name contains, beyond what the terms say; null when they say it all. */
  readonly name: string | null;
  /** A single character of the comparable name. */
  readonly character: string | null;
  /** How the credit code begins. */
  readonly codeBeginning: string | null;
  readonly isUnlisted: boolean;
  readonly hasValidQualification: boolean;
}

const MAX_TEXT_LENGTH = 200;
/** At least the class of body and the province; shorter texts are parts of names. */
const CODE_BEGINNING = /^[0-9A-HJ-NPQRTUWXY]{2}(?:\d{2,6}|\d{6}[0-9A-HJ-NPQRTUWXY]{1,10})$/;
const NUMBER = /^[0-9A-Z]{6,40}$/;

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
      const facetTerms = termsToAsk({
        regions,
        kinds: kind === null ? [] : [kind],
        riskClass,
        listed: listed === true,
        qualificationStatuses: qualification === null ? [] : [qualification],
      });
      return readingsOf(query.text).map(({ terms, ...reading }) => ({
        ...reading,
        terms: [...facetTerms, ...terms],
        isUnlisted: listed === false,
        hasValidQualification: qualification === 'VALID',
      }));
    }),
  );
}

type Reading = Pick<Branch, 'terms' | 'name' | 'character' | 'codeBeginning'>;

const NO_READING: Reading = { terms: [], name: null, character: null, codeBeginning: null };

/** What a text may mean. A text without a letter, a character or a digit filters nothing. */
function readingsOf(text: string | null): Reading[] {
  const name = comparableName(text ?? '');
  if (text === null || name === '') return [NO_READING];
  const code = normaliseCode(text);
  return [
    readingOfName(name),
    ...(CODE_BEGINNING.test(code) ? [{ ...NO_READING, codeBeginning: code }] : []),
    ...(NUMBER.test(code) ? [{ ...NO_READING, terms: [numberTerm(code)] }] : []),
  ];
}

function readingOfName(name: string): Reading {
  const terms = bigramTerms(name);
  if (terms.length === 0) return { ...NO_READING, character: name };
  // A single pair of characters says it all; more of them may stand apart in the name.
  return { ...NO_READING, terms, name: terms.length === 1 && Array.from(name).length === 2 ? null : name };
}

/** The values of a choice, or one null for "any". */
function choices<T>(values: readonly T[] | null): readonly (T | null)[] {
  return values === null ? [null] : [...new Set(values)];
}
