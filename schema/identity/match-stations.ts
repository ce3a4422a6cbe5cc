/** An institution's numbers at one department, by all that is known: directory, register and people's decisions. Pure. */
import type { DepartmentDecisions } from './station-decisions.ts';
import { doubtful, type StationIndex, type StationMatch, type StationMatches } from './station-index.ts';
import type { SubjectFacts } from './subject-facts.ts';
import type { SubjectMemory } from './subject-memory.ts';

export interface MatchingGrounds {
  readonly index: StationIndex;
  readonly subjects: SubjectMemory;
  readonly decided: DepartmentDecisions;
}

/** What the register says of a station's CMA certificates counts beside what the directory says. */
export function matchStations(subject: SubjectFacts, { index, subjects, decided }: MatchingGrounds): StationMatches {
  const { matches, uncertain } = index.match(subject, subjects.sharedBy(subject), decided);
  const hasNumberOfOthers = ({ entry }: Pick<StationMatch, 'entry'>): boolean =>
    entry.cmaNumbers.some((number) => subjects.isNumberOfOthers(number, subject.creditCode));
  // One entry with the numbers of two institutions is neither's.
  const torn = matches.filter((match) => match.matchedBy === 'CMA_NUMBER' && hasNumberOfOthers(match));
  return {
    matches: matches.filter(
      (match) =>
        !torn.includes(match) &&
        // A name proves nothing about a station whose CMA certificate the register gives to somebody else.
        (match.matchedBy !== 'NAME_AND_REGION' || !hasNumberOfOthers(match)),
    ),
    uncertain: [
      ...uncertain.filter((candidate) => !hasNumberOfOthers(candidate)),
      ...doubtful(
        torn.map(({ entry }) => entry),
        'SHARED_NUMBER',
      ),
    ],
  };
}
