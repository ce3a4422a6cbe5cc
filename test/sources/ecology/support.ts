/** What the tests of ecology share: subjects of the world as the hub would ask for them, and answers unpacked. */
import type {
  InspectionRequest,
  RecordSet,
  ReportRequest,
  SourceAnswer,
  SubjectReference,
} from '../../../schema/ports.ts';
import { parseCreditCode } from '../../../schema/codes/credit-code.ts';
import { calendarDateOf, type CalendarDate } from '../../../schema/time/calendar-date.ts';
import type { World, WorldInstitution, WorldLaboratoryTest } from '../../../sources/world/types.ts';

/** Settings for a machine that is busy with other things: the deadline of each call is then the scope's own. */
export const PATIENT = { ECOLOGY_TIMEOUT_MS: '20000' };

export function at<T>(list: readonly T[], index: number): T {
  const element = list[index];
  if (element === undefined) throw new Error(`no element ${index} of ${list.length}`);
  return element;
}

export function subjectOf({ creditCode, localNumbers }: WorldInstitution): SubjectReference {
  return { creditCode, localIds: localNumbers.ecology === null ? [] : [localNumbers.ecology] };
}

/** A body with a valid code and a station number that nobody has. */
export const NOBODY: SubjectReference = {
  creditCode: parseCreditCode('91522601MAYDM0094A'),
  localIds: ['529999-9999'],
};

export function inspectionsOf(subject: SubjectReference, filters: Partial<InspectionRequest> = {}): InspectionRequest {
  return { ...subject, from: null, to: null, vin: null, limit: 1000, ...filters };
}

export function reportsOf(subject: SubjectReference, filters: Partial<ReportRequest> = {}): ReportRequest {
  return { ...subject, from: null, to: null, number: null, limit: 1000, ...filters };
}

/** Institutions that ecology knows by a station number. */
export function stationsIn({ institutions }: World): readonly WorldInstitution[] {
  return institutions.filter(({ localNumbers }) => localNumbers.ecology !== null);
}

export function subjectKeyed(world: World, key: string): WorldInstitution {
  const found = world.institutions.find((institution) => institution.key === key);
  if (found === undefined) throw new Error(`the world has no ${key}`);
  return found;
}

/** The day of a monitoring report: as the body told the register, else that of the work. */
export function reportDay(world: World, body: WorldInstitution, test: WorldLaboratoryTest): CalendarDate {
  const registered = world.reportsOf(body).find(({ number }) => number === test.reportNumber);
  return registered?.issuedOn ?? calendarDateOf(test.endedAt);
}

/** The sets of a live answer. @throws Error when the department did not answer */
export function setsOf<T>(answer: SourceAnswer<T>): readonly RecordSet<T>[] {
  if (answer.status !== 'LIVE') throw new Error(`not live: ${JSON.stringify(answer)}`);
  return answer.sets;
}

export function recordsOf<T>(answer: SourceAnswer<T>): readonly (readonly T[])[] {
  return setsOf(answer).map(({ records }) => records);
}

/** Records without what differs from call to call. */
export function facts(
  sets: readonly RecordSet<{ readonly provenance: { readonly sourceRecordId: string } }>[],
): unknown {
  return sets.map(({ records, malformed }) => ({
    malformed,
    records: records.map(({ provenance, ...rest }) => ({ ...rest, sourceRecordId: provenance.sourceRecordId })),
  }));
}
