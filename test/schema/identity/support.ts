/** Decisions and grounds of matching, for tests of identity. */
import type { AliasAct, AliasDecision } from '../../../schema/identity/alias-decision.ts';
import { decide, undecided } from '../../../schema/identity/alias-decision.ts';
import { DecidedNumbers } from '../../../schema/identity/decided-numbers.ts';
import type { MatchingGrounds } from '../../../schema/identity/match-stations.ts';
import { matchStations } from '../../../schema/identity/match-stations.ts';
import { StationIndex } from '../../../schema/identity/station-index.ts';
import { SubjectMemory } from '../../../schema/identity/subject-memory.ts';
import type { CreditCode } from '../../../schema/codes/credit-code.ts';
import type { DirectoryEntry } from '../../../schema/ports.ts';
import type { InstitutionRecord } from '../../../schema/records.ts';
import { at, institution } from '../support/records.ts';

export const DIRECTORY_AT = at('2026-03-03');

const said = { by: 'operator', at: at('2026-03-04'), note: null, evidence: [] };
export const confirm = (creditCode: CreditCode, over: Partial<typeof said> = {}): AliasAct => ({
  kind: 'CONFIRM',
  creditCode,
  ...said,
  ...over,
});
export const reject = (creditCode: CreditCode): AliasAct => ({ kind: 'REJECT', creditCode, ...said });
export const undo = (...creditCodes: CreditCode[]): AliasAct => ({ kind: 'UNDO', creditCodes, ...said });

/** What stands on a number after these acts. */
export const after = (localId: string, ...acts: readonly AliasAct[]): AliasDecision =>
  acts.reduce(decide, undecided('ecology', localId));

/** A register, a directory and decisions on its numbers. */
export function grounds(
  registered: readonly Partial<InstitutionRecord>[],
  entries: readonly DirectoryEntry[],
  decisions: readonly AliasDecision[] = [],
): MatchingGrounds {
  const subjects = new SubjectMemory();
  for (const facts of registered) subjects.remember(institution('market-regulation', facts));
  const decided = new DecidedNumbers();
  for (const decision of decisions) decided.take(decision);
  return { subjects, index: new StationIndex(entries, DIRECTORY_AT), decided: decided.of('ecology') };
}

/** "7 MANUAL" for what is used and "8 SHARED_NAME" for what waits. */
export function numbersOf(creditCode: CreditCode, given: MatchingGrounds) {
  const subject = given.subjects.factsOf(creditCode);
  if (subject === undefined) throw new Error('not registered');
  const { matches, uncertain } = matchStations(subject, given);
  return {
    used: matches.map(({ entry, matchedBy }) => `${entry.localId} ${matchedBy}`),
    uncertain: uncertain.map(({ entry, doubt }) => `${entry.localId} ${doubt}`),
  };
}
