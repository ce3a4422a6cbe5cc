/**
 * Has it been inspected already, so that the result can be relied on instead of inspecting again? Every inspection of the
 * period is shown: those whose reports would be recognised for the purpose, and the others with what stands against them.
 */
import type { CreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import type { CoverageEntry, DepartmentAnswers } from '../department-answer.ts';
import { HubError } from '../errors.ts';
import { vinOf } from '../institution/inspection-query.ts';
import type { InspectionRecord } from '../records.ts';
import { inspectionsOfVehicle } from '../replica/inspections-of-vehicle.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import { issuerOf } from '../verification/issuer-of.ts';
import { decide, type Judgement } from './decide.ts';
import { gatherEvidence, type FindingSource } from './gather.ts';
import { rulesOn, type InspectionKind, type Purpose } from './rules.ts';

export interface InspectedQuestion {
  /** The institution that inspected; null: whoever did. */
  readonly institution: CreditCode | null;
  readonly vin: string | null;
  readonly kind: InspectionKind;
  readonly withinDays: number;
  readonly purpose: Purpose;
}

export interface InspectedCandidate {
  readonly inspection: InspectionRecord;
  /** null: nobody can say whose inspection it is. */
  readonly institution: CreditCode | null;
  /** null: there is no registered report on it that could be checked. */
  readonly judgement: Judgement | null;
}

export interface InspectedAnswer {
  readonly candidates: readonly InspectedCandidate[];
  /** Of the departments asked for inspections. */
  readonly coverage: readonly CoverageEntry[];
}

const LONGEST_DAYS = 3_650;
const MOST_CANDIDATES = 50;
const DAY_MS = 86_400_000;

interface Found {
  readonly inspections: readonly InspectionRecord[];
  readonly coverage: readonly CoverageEntry[];
}

const found = (answers: DepartmentAnswers<InspectionRecord>): Found => ({
  inspections: answers.flatMap(({ records }) => records),
  coverage: answers.map(({ coverage }) => coverage),
});

/** No department is asked by vehicle alone; the replica finds one at whatever station it was. */
async function ofVehicle(vin: string, from: Date, { replica, registry, clock }: HubContext): Promise<Found> {
  if (replica === null) {
    throw new HubError('UNSUPPORTED', 'Without a replica a vehicle is found at a named institution only.');
  }
  const inspecting = registry.all().filter(({ reads }) => reads.has('inspections'));
  return found(
    await Promise.all(inspecting.map((source) => inspectionsOfVehicle(replica, source, vin, from, clock.now()))),
  );
}

async function ofInstitution(
  institution: CreditCode,
  vin: string | null,
  from: Date,
  { loaders }: HubContext,
): Promise<Found> {
  const terms = { from, to: null, vin, result: null, limit: MOST_CANDIDATES };
  return found(await loaders.facet('inspections', institution, terms));
}

async function candidateOf(
  inspection: InspectionRecord,
  { institution, purpose }: InspectedQuestion,
  context: HubContext,
  findings: FindingSource,
): Promise<InspectedCandidate> {
  const number = inspection.report?.number ?? null;
  if (number === null) return { inspection, institution, judgement: null };
  const rows = await context.loaders.reportsByNumber.load(number);
  const issuers = await Promise.all(rows.flatMap(({ records }) => records).map((row) => issuerOf(row, context)));
  const issuer = institution ?? issuers.find((each) => each !== null) ?? null;
  if (issuer === null) return { inspection, institution, judgement: null };
  const today = calendarDateOf(context.clock.now());
  const question = { kind: 'REPORT', number, institutionCode: issuer, purpose, presentedDigest: null } as const;
  const evidence = await gatherEvidence(question, context, findings, today);
  return { inspection, institution: issuer, judgement: decide(evidence, rulesOn(today)) };
}

/** @throws HubError INPUT_INVALID, UNSUPPORTED */
export async function alreadyInspected(
  question: InspectedQuestion,
  context: HubContext,
  findings: FindingSource,
): Promise<InspectedAnswer> {
  const { institution, withinDays, kind } = question;
  const vin = vinOf(question.vin);
  if (institution === null && vin === null) {
    throw new HubError(
      'INPUT_INVALID',
      'Name the vehicle ("vin"), the institution that inspected ("subject"), or both.',
    );
  }
  if (withinDays < 1 || withinDays > LONGEST_DAYS) {
    throw new HubError('INPUT_INVALID', `"withinDays" must be between 1 and ${LONGEST_DAYS}.`);
  }
  const now = context.clock.now();
  const from = new Date(now.getTime() - withinDays * DAY_MS);
  const { inspections, coverage } =
    institution !== null
      ? await ofInstitution(institution, vin, from, context)
      : await ofVehicle(vin ?? '', from, context);
  const equivalent = rulesOn(calendarDateOf(now))
    .of('EQUIVALENCE')
    .filter(({ asked }) => asked === kind)
    .flatMap(({ satisfiedBy }) => satisfiedBy);
  const wanted = inspections
    .filter((each) => each.kind === kind || equivalent.includes(each.kind))
    .toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
    .slice(0, MOST_CANDIDATES);
  const candidates = await Promise.all(wanted.map((each) => candidateOf(each, question, context, findings)));
  return { candidates, coverage };
}

/** "No" may only be said when every department answered in full, and no check is open. */
export function verdictOf({ candidates, coverage }: InspectedAnswer): 'YES' | 'NO' | 'UNKNOWN' {
  if (candidates.some(({ judgement }) => judgement?.outcome === 'RECOGNIZED')) return 'YES';
  const isSilent = coverage.some(({ status }) => !['LIVE', 'REPLICA', 'UNSUPPORTED'].includes(status));
  const isOpen = candidates.some(({ judgement }) => judgement === null || judgement.outcome === 'NEED_MORE');
  return isSilent || isOpen ? 'UNKNOWN' : 'NO';
}
