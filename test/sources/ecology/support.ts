/** What the tests of ecology share: subjects of the world as the hub would ask for them, and answers unpacked. */
import type {
  DepartmentSource,
  InspectionRequest,
  RecordSet,
  ReportRequest,
  SourceAnswer,
  SubjectReference,
} from '../../../schema/ports.ts';
import ecology from '../../../sources/ecology/index.ts';
import { guardSource } from '../../../sources/kit/guard-source.ts';
import { loadMeshSources } from '../../../sources/kit/mesh.ts';
import { startHttpUpstream, type UpstreamRequest } from '../../../sources/kit/upstream/http-upstream.ts';
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

/** The text of a reply of the platform. */
export const envelope = (result: unknown, code: unknown = '200'): string =>
  JSON.stringify({ code, message: 'ok', result });

/** A platform that answers every call with this text, and the hub's side of it. */
export async function startPlatform(
  text: string | ((request: UpstreamRequest) => string),
  address = '/jcpt/interface',
): Promise<{ source: DepartmentSource; requests: UpstreamRequest[]; close(): Promise<void> }> {
  const requests: UpstreamRequest[] = [];
  const upstream = await startHttpUpstream({
    departmentId: 'ecology',
    environment: (url) => ({ ECOLOGY_URL: url + address, ECOLOGY_AUTHORISATION_CODE: 'abcd1234' }),
    answer(request) {
      requests.push(request);
      const body = typeof text === 'string' ? text : text(request);
      return { operation: 'any', status: 200, contentType: 'application/json', body };
    },
  });
  const mesh = await loadMeshSources();
  return {
    source: guardSource(ecology, ecology.create(upstream.environment), mesh),
    requests,
    async close() {
      mesh.close();
      await upstream.close();
    },
  };
}
