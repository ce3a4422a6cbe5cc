/** Which local numbers wait for a person, and between which institutions the person has to choose. Pure. */
import type { CreditCode } from '../codes/credit-code.ts';
import type { DirectoryEntry } from '../ports.ts';
import { evidenceOf, type MatchEvidence } from './match-evidence.ts';
import { matchStations, type MatchingGrounds } from './match-stations.ts';
import type { NearNames } from './near-names.ts';
import type { Doubt } from './station-index.ts';
import type { SubjectFacts } from './subject-facts.ts';

/** IN_USE: a rule gives the number to this institution, and something speaks for another one as well. */
export type WhyCandidate = Doubt | 'IN_USE' | 'SIMILAR_NAME';

export interface CandidateInstitution {
  readonly creditCode: CreditCode;
  readonly name: string;
  readonly regionCode: string | null;
  readonly why: WhyCandidate;
  /** 0..1, for putting the likelier one first. */
  readonly confidence: number;
  readonly evidence: readonly MatchEvidence[];
}

export interface WaitingStation {
  /** UNCERTAIN: a rule would match it if it were surer. UNMATCHED: no rule finds an institution for it. */
  readonly kind: 'UNCERTAIN' | 'UNMATCHED';
  readonly entry: DirectoryEntry;
  /** The likelier one first; of an UNMATCHED number only suggestions. */
  readonly candidates: readonly CandidateInstitution[];
}

/** A likeness of names is no match of them. */
const SIMILAR_NAME_AT_MOST = 0.5;

const candidate = (
  subject: SubjectFacts,
  entry: DirectoryEntry,
  why: WhyCandidate,
  confidence: number,
): CandidateInstitution => ({
  creditCode: subject.creditCode,
  name: subject.name,
  regionCode: subject.regionCode,
  why,
  confidence: Math.round(confidence * 100) / 100,
  evidence: evidenceOf(subject, entry),
});

const likelierFirst = (a: CandidateInstitution, b: CandidateInstitution): number =>
  b.confidence - a.confidence || (a.creditCode < b.creditCode ? -1 : 1);

/** @returns null for a number that the rules or a person have given to one institution */
export function waitingStation(
  entry: DirectoryEntry,
  grounds: MatchingGrounds,
  nearNames: NearNames,
): WaitingStation | null {
  const { decided, subjects } = grounds;
  if (decided.confirmationOf(entry.localId) !== null) return null;
  const found = subjects.near(entry).flatMap((subject): CandidateInstitution[] => {
    const { matches, uncertain } = matchStations(subject, grounds);
    const match = matches.find((each) => each.entry === entry);
    if (match !== undefined) return [candidate(subject, entry, 'IN_USE', match.confidence)];
    const doubt = uncertain.find((each) => each.entry === entry);
    return doubt === undefined ? [] : [candidate(subject, entry, doubt.doubt, doubt.confidence)];
  });
  if (found.length > 1 || found.some(({ why }) => why !== 'IN_USE')) {
    return { kind: 'UNCERTAIN', entry, candidates: [...found].sort(likelierFirst) };
  }
  if (found.length === 1) return null;
  const similar = nearNames
    .of(entry)
    .filter(({ subject }) => !decided.isRejected(entry.localId, subject.creditCode))
    .map(({ subject, likeness }) => candidate(subject, entry, 'SIMILAR_NAME', likeness * SIMILAR_NAME_AT_MOST));
  return { kind: 'UNMATCHED', entry, candidates: similar };
}
