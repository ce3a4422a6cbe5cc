import { UNRATED, type InstitutionEntry, type StoredEntry } from './institution-entry.model.ts';
import { termsOf } from './institution-terms.ts';
import { wordsOf } from './institution-words.ts';

/** Longer names are sorted by their beginning: the embedded store keeps values up to 368 bytes in order. */
const NAME_KEY_CHARACTERS = 80;

/**
 * The document of an entry, with everything it is found and sorted by.
 * @throws RangeError for a score below 0 or not a number, and for an invalid instant
 */
export function toStoredEntry(entry: InstitutionEntry, revision = 1): StoredEntry {
  const { creditCode, name, regionCode, kinds, status, listed, qualificationStatuses, cmaNumbers } = entry;
  const { riskClass, riskScore, updatedAt, changesAt } = entry;
  if (riskScore !== null && !(Number.isFinite(riskScore) && riskScore >= 0)) {
    throw new RangeError('A risk score is a number from 0.');
  }
  if (Number.isNaN(updatedAt.getTime())) throw new RangeError('An entry needs the instant of its latest change.');
  return {
    ...{ creditCode, name, regionCode, kinds, status, listed, qualificationStatuses, cmaNumbers, riskClass },
    ...{ updatedAt, changesAt, revision },
    riskScore: riskScore ?? UNRATED,
    nameKey: Array.from(name).slice(0, NAME_KEY_CHARACTERS).join(''),
    terms: termsOf(entry),
    words: wordsOf(entry),
  };
}

/** The entry that a document was made of. */
export function toEntry(stored: StoredEntry): InstitutionEntry {
  const { creditCode, name, regionCode, kinds, status, listed, qualificationStatuses, cmaNumbers } = stored;
  const { riskClass, riskScore, updatedAt, changesAt } = stored;
  return {
    ...{ creditCode, name, regionCode, kinds, status, listed, qualificationStatuses, cmaNumbers, riskClass },
    ...{ updatedAt, changesAt },
    riskScore: riskScore === UNRATED ? null : riskScore,
  };
}
