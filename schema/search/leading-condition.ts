/** What a branch of a search is read by: the condition that leads to the fewest institutions. */
import { ConditionCounts } from './condition-counts.ts';
import type { InstitutionEntryModel } from './institution-entry.model.ts';
import type { Condition, Order, SortKey } from './institution-order.ts';
import type { Branch } from './institution-query.ts';

/** How a branch is read. */
export interface ReadingPlan {
  /** The index to read; named to the database, which would have to guess. */
  readonly index: SortKey;
  /** All conditions of the branch but what only the name can tell, the one that the index answers first. */
  readonly conditions: readonly Condition[];
}

interface Lead {
  readonly field: 'terms' | 'words' | 'creditCode';
  readonly value: string;
  readonly condition: Condition;
  readonly index: SortKey;
  /** The index holds its institutions in the order asked for; otherwise all that it leads to are read and sorted. */
  readonly isInOrder: boolean;
}

/** Above this it makes no difference how many it are; also the most institutions that are ever sorted for a page. */
export const MANY = 1_000;
/** Nothing as rare as this is worth comparing more closely. */
const FEW = 100;

export class LeadingCondition {
  readonly #counts: ConditionCounts;

  constructor(model: InstitutionEntryModel) {
    this.#counts = new ConditionCounts((condition, limit) => model.countDocuments(condition).limit(limit).exec());
  }

  /** @throws whatever the database throws */
  async plan(branch: Branch, order: Order): Promise<ReadingPlan> {
    const leads = leadsOf(branch, order);
    const lead = await this.#choose(leads);
    const rest = restOf(
      branch,
      leads.filter((each) => each !== lead),
    );
    return { index: lead?.index ?? order.key, conditions: lead === undefined ? rest : [lead.condition, ...rest] };
  }

  async #choose(leads: readonly Lead[]): Promise<Lead | undefined> {
    const inOrder = leads.find(({ isInOrder }) => isInOrder);
    if (leads.length === 0 || (leads.length === 1 && inOrder !== undefined)) return inOrder;
    const counted = leads.map(({ field, value, condition }) => ({ name: `${field}:${value}`, condition }));
    for (const limit of [FEW, MANY]) {
      const counts = await this.#counts.upTo(limit, counted);
      const fewest = Math.min(...counts);
      if (fewest < limit) return leads[counts.indexOf(fewest)];
    }
    // All lead to many: the list is read in its order until the page is full, by the most telling of them if by any.
    return inOrder;
  }
}

function leadsOf({ terms, words, codeBeginning }: Branch, order: Order): Lead[] {
  const leads: Lead[] = terms.map((value) => ({
    ...{ field: 'terms', value, condition: { terms: value } },
    ...{ index: { terms: 1, ...order.key }, isInOrder: true },
  }));
  for (const value of words) {
    leads.push({
      ...{ field: 'words', value, condition: { words: value } },
      ...{ index: { words: 1, nameKey: 1, creditCode: 1 }, isInOrder: order.field === 'nameKey' },
    });
  }
  if (codeBeginning !== null) {
    const condition = { creditCode: { $gte: codeBeginning, $lt: `${codeBeginning}\uffff` } };
    leads.push({ field: 'creditCode', value: codeBeginning, condition, index: { creditCode: 1 }, isInOrder: false });
  }
  return leads;
}

function restOf({ isUnlisted, hasValidQualification }: Branch, leads: readonly Lead[]): Condition[] {
  const all = (name: 'terms' | 'words'): Condition[] => {
    const values = leads.filter(({ field }) => field === name).map(({ value }) => value);
    return values.length === 0 ? [] : [{ [name]: { $all: values } }];
  };
  return [
    ...all('terms'),
    ...all('words'),
    ...leads.filter(({ field }) => field === 'creditCode').map(({ condition }) => condition),
    ...(isUnlisted ? [{ listed: false }] : []),
    ...(hasValidQualification ? [{ qualificationStatuses: 'VALID' }] : []),
  ];
}
