/** The register of inspection and testing reports at market regulation. */
import { createHash } from 'node:crypto';
import { addDays, calendarDateOf } from '../../schema/time/calendar-date.ts';
import type { CalendarDate } from '../../schema/time/calendar-date.ts';
import { activityOf } from './activity.ts';
import { itemIn, itemOfMethod, ROAD_TEST_ITEM } from './capabilities.ts';
import { daysBetween, earlier, LAST_DAY, notAfterLastDay, secondsInto } from './clock.ts';
import { reportNumber } from './numbers.ts';
import type { ReportTopic } from './numbers.ts';
import { Dice } from './random.ts';
import { scopeOn, signatoriesOn } from './scope.ts';
import type {
  WorldCapability,
  WorldInstitution,
  WorldKind,
  WorldLaboratoryTest,
  WorldQualification,
  WorldReport,
  WorldVisit,
} from './types.ts';

/** Share of the departments' reports that never reached the register. */
export const UNREGISTERED_RATE = 0.03;
/** Share of reports that were issued again in a corrected version. */
export const REISSUED_RATE = 0.02;
/** How samples come to a laboratory. */
const SAMPLING_SHARES = [
  { samplingKind: 'SENT_SAMPLE', weight: 5 },
  { samplingKind: 'BODY_SAMPLING', weight: 3 },
  { samplingKind: 'AUTHORITY_SAMPLING', weight: 2 },
] as const;
/** A laboratory's report follows its test within so many days. */
const DAYS_TO_REPORT = 4;

const TOPICS: Partial<Record<WorldKind, ReportTopic>> = {
  FOOD_AGRI_TESTING_BODY: 'SP',
  MEDICAL_DEVICE_INSPECTION_BODY: 'YL',
  CARBON_TESTING_BODY: 'TP',
  INSPECTION_TESTING_BODY: 'JC',
};

/** A report before it is filed: everything but digest and filing time, which follow from the rest unless planted. */
export type ReportDraft = Omit<WorldReport, 'digest' | 'registeredAt' | 'version' | 'samplingKind'> &
  Partial<Pick<WorldReport, 'digest' | 'registeredAt' | 'version' | 'samplingKind'>>;

/** What a body's reports are made from. */
export interface ReportOrigins {
  readonly qualifications: readonly WorldQualification[];
  readonly visits: readonly WorldVisit[];
  readonly laboratoryTests: readonly WorldLaboratoryTest[];
}

/** The register's rows about an institution that follow from its work, newest first. */
export function drawReports(seed: number, institution: WorldInstitution, origins: ReportOrigins): WorldReport[] {
  const dice = new Dice(seed, institution.index, 'reports');
  const { qualifications, visits, laboratoryTests } = origins;
  // The register is complete for the subjects, so that their planted cases are seen whatever the seed.
  const complete = institution.key !== null;
  const drafts = [
    ...visits.flatMap((visit) => draftsOfVisit(visit, qualifications)),
    ...laboratoryTests.map((test) => draftOfTest(dice, test, qualifications)),
  ].filter(() => !dice.chance(UNREGISTERED_RATE) || complete);
  drafts.push(...drawOwnReports(dice, new Dice(seed, institution.index, 'sampling'), institution, qualifications));
  return drafts
    .flatMap((draft) => (dice.chance(REISSUED_RATE) && !complete ? [draft, reissued(draft)] : [draft]))
    .map((draft) => fileReport(institution.index, draft))
    .sort(newestFirst);
}

/** Newest first; versions and rows of one number stay together. */
export function newestFirst(one: WorldReport, other: WorldReport): number {
  if (one.issuedOn !== other.issuedOn) return one.issuedOn < other.issuedOn ? 1 : -1;
  if (one.number !== other.number) return one.number < other.number ? 1 : -1;
  return other.version - one.version;
}

/** Gives a draft its digest (SM3 over its content) and the time at which it was filed, within three days. */
export function fileReport(issuerIndex: number, draft: ReportDraft): WorldReport {
  const { number, version = 1, issuedOn, conclusion, parameters, signatory, samplingKind = 'WHOLE_OBJECT' } = draft;
  const items = parameters.map(({ itemNumber, standard }) => `${itemNumber}:${standard}`).join(',');
  const content = [issuerIndex, number, version, issuedOn, conclusion, items, signatory].join('|');
  const digest = createHash('sm3').update(content).digest('hex');
  const registeredAt = notAfterLastDay(secondsInto(issuedOn, 18 * 3600 + (parseInt(digest.slice(0, 5), 16) % 172_800)));
  const report = { number, version, issuedOn, conclusion, parameters, signatory, samplingKind };
  return { ...report, digest, registeredAt, ...given(draft) };
}

function given({ digest, registeredAt }: ReportDraft): Partial<WorldReport> {
  return { ...(digest === undefined ? {} : { digest }), ...(registeredAt === undefined ? {} : { registeredAt }) };
}

function draftsOfVisit({ emission, road }: WorldVisit, qualifications: readonly WorldQualification[]): ReportDraft[] {
  const drafts: ReportDraft[] = [];
  if (emission !== null) {
    const issuedOn = calendarDateOf(emission.endedAt);
    drafts.push({
      number: emission.reportNumber,
      issuedOn,
      conclusion: conclusionOf(emission.passed),
      parameters: itemsOn(qualifications, issuedOn, itemOfMethod(emission.method)),
      signatory: signatoryOn(qualifications, issuedOn, emission.processSeed),
    });
  }
  if (road !== null) {
    const issuedOn = calendarDateOf(road.testedAt);
    const parameters = itemsOn(qualifications, issuedOn, ROAD_TEST_ITEM);
    const { reportNumber: number, signatory } = road;
    drafts.push({ number, issuedOn, conclusion: conclusionOf(road.passed), parameters, signatory });
  }
  return drafts;
}

function draftOfTest(
  dice: Dice,
  test: WorldLaboratoryTest,
  qualifications: readonly WorldQualification[],
): ReportDraft {
  const issuedOn = earlier(LAST_DAY, addDays(calendarDateOf(test.endedAt), dice.int(0, DAYS_TO_REPORT)));
  // Judged by the day of the test: the certificate may have ended before the report was written.
  const testedOn = calendarDateOf(test.sampledAt);
  const scope = scopeOn(qualifications, testedOn);
  return {
    number: test.reportNumber,
    issuedOn: earlier(issuedOn, activityOf(qualifications)?.to ?? issuedOn),
    conclusion: conclusionOf(test.passed),
    parameters: scope.filter(({ object, parameter }) => isTested(test, object, parameter)),
    signatory: signatoryOn(qualifications, testedOn, dice.int(0, 99)),
    samplingKind: 'BODY_SAMPLING',
  };
}

function isTested({ object, items }: WorldLaboratoryTest, itsObject: string, itsParameter: string): boolean {
  return object === itsObject && items.some(({ parameter }) => parameter === itsParameter);
}

/** Laboratories whose work no other department holds. */
function drawOwnReports(
  dice: Dice,
  sampling: Dice,
  { index, region, kinds }: WorldInstitution,
  qualifications: readonly WorldQualification[],
): ReportDraft[] {
  const topic = kinds[0] && TOPICS[kinds[0]];
  const activity = activityOf(qualifications);
  if (topic === undefined || activity === null) return [];
  const days = daysBetween(activity.from, activity.to);
  return Array.from({ length: dice.int(10, 30) }, (_, sequence) => {
    const issuedOn = addDays(activity.from, dice.int(0, days));
    const scope = scopeOn(qualifications, issuedOn);
    const first = dice.int(0, scope.length - 1);
    const { samplingKind } = sampling.pickWeighted(SAMPLING_SHARES);
    return {
      number: reportNumber(region, topic, issuedOn, index, sequence),
      issuedOn,
      conclusion: dice.chance(0.07) ? ('FAIL' as const) : dice.chance(0.06) ? ('UNKNOWN' as const) : ('PASS' as const),
      parameters: scope.slice(first, first + dice.int(1, 3)),
      signatory: signatoryOn(qualifications, issuedOn, sequence),
      samplingKind,
    };
  });
}

function reissued(draft: ReportDraft): ReportDraft {
  return { ...draft, version: 2 };
}

function conclusionOf(passed: boolean | null): WorldReport['conclusion'] {
  if (passed === null) return 'UNKNOWN';
  return passed ? 'PASS' : 'FAIL';
}

function itemsOn(versions: readonly WorldQualification[], date: CalendarDate, itemNumber: string): WorldCapability[] {
  const item = itemIn(scopeOn(versions, date), itemNumber);
  return item === undefined ? [] : [item];
}

function signatoryOn(versions: readonly WorldQualification[], date: CalendarDate, choice: number): string {
  const signatories = signatoriesOn(versions, date);
  return signatories[choice % Math.max(1, signatories.length)]?.name ?? '';
}
