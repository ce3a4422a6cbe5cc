/**
 * What a branch of a search is read by: the condition that leads to the fewest institutions. A term leads in every order,
 * because the indexes hold the institutions of each term in each order. A character or the beginning of a code leads
 * only when it leads to few, which are then taken by their codes.
 */
import type { InstitutionEntryModel } from './institution-entry.model.ts';
import type { Condition } from './institution-order.ts';
import type { Branch } from './institution-query.ts';
import { ConditionCounts } from './condition-counts.ts';

interface Lead {
  readonly name: string;
  readonly condition: Condition;
  /** null: no index holds its institutions in order. */
  readonly term: string | null;
}

/** Above this it makes no difference how many it are; also the most institutions that are ever sorted for a page. */
const MANY = 1_000;
/** Nothing as rare as this is worth comparing more closely. */
const FEW = 100;

export class LeadingCondition {
  readonly #model: InstitutionEntryModel;
  readonly #counts: ConditionCounts;

  constructor(model: InstitutionEntryModel) {
    this.#model = model;
    this.#counts = new ConditionCounts((condition, limit) => model.countDocuments(condition).limit(limit).exec());
  }

  /**
   * All conditions of a branch but what only the name can tell, the leading one first: a store that serves one of
   * several equal conditions by an index takes the first.
   * @throws whatever the database throws
   */
  async lead(branch: Branch): Promise<Condition[]> {
    const leads = leadsOf(branch);
    const rarest = await this.#rarest(leads);
    if (rarest !== null && rarest.term === null) {
      const codes = await this.#codesOf(rarest);
      if (codes !== null) return [{ creditCode: { $in: codes } }, ...conditionsOf(leads, rarest), ...fieldsOf(branch)];
    }
    // Where all lead to many, the list is read in its order until the page is full; the most telling term comes first.
    const term = rarest?.term ? rarest : leads.find((lead) => lead.term !== null);
    return [...(term === undefined ? [] : [term.condition]), ...conditionsOf(leads, term), ...fieldsOf(branch)];
  }

  async #rarest(leads: readonly Lead[]): Promise<Lead | null> {
    const [only] = leads;
    if (leads.length === 1 && only !== undefined && only.term !== null) return only;
    for (const limit of leads.length === 0 ? [] : [FEW, MANY]) {
      const counts = await this.#counts.upTo(limit, leads);
      const fewest = Math.min(...counts);
      if (fewest < limit) return leads[counts.indexOf(fewest)] ?? null;
    }
    return null;
  }

  /** null when there have come to be many. */
  async #codesOf({ condition }: Lead): Promise<string[] | null> {
    const found = await this.#model
      .find(condition)
      .select({ _id: 0, creditCode: 1 })
      .limit(MANY + 1)
      .lean<{ creditCode: string }[]>();
    return found.length > MANY ? null : found.map(({ creditCode }) => creditCode);
  }
}

function leadsOf({ terms, character, codeBeginning }: Branch): Lead[] {
  const leads: Lead[] = terms.map((term) => ({ name: term, condition: { terms: term }, term }));
  if (character !== null) {
    leads.push({ name: `u:${character}`, condition: { characters: character }, term: null });
  }
  if (codeBeginning !== null) {
    const condition = { creditCode: { $gte: codeBeginning, $lt: `${codeBeginning}\uffff` } };
    leads.push({ name: `p:${codeBeginning}`, condition, term: null });
  }
  return leads;
}

/** The conditions of all leads but one; the terms together. */
function conditionsOf(leads: readonly Lead[], except: Lead | undefined): Condition[] {
  const others = leads.filter((lead) => lead !== except);
  const terms = others.flatMap(({ term }) => term ?? []);
  return [
    ...(terms.length === 0 ? [] : [{ terms: { $all: terms } }]),
    ...others.filter(({ term }) => term === null).map(({ condition }) => condition),
  ];
}

function fieldsOf({ isUnlisted, hasValidQualification }: Branch): Condition[] {
  return [
    ...(isUnlisted ? [{ listed: false }] : []),
    ...(hasValidQualification ? [{ qualificationStatuses: 'VALID' }] : []),
  ];
}
