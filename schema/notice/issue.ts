/** From what a determining department hands in to a notice that can be written. Pure but for the catalogue's data. */
import { HubError } from '../errors.ts';
import { measureFor } from '../measure/catalogue.ts';
import { LIST_TYPES, SEVERITIES, type InstitutionKind, type ListType, type Severity } from '../records.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import { sm3Hex } from '../signing/sm3.ts';
import { addMonths, calendarDateOf, type CalendarDate } from '../time/calendar-date.ts';
import { z } from 'zod';
import { CHAIN_START } from './change.ts';
import { STAGES, type Stage } from './case.ts';
import type { Notice, NoticeContent, NoticeMeasureRecord, NoticeSubject, NoticeVersion } from './notice.ts';

/** What is handed in for a version. */
export interface NoticeRequest {
  readonly decisionNumber: string;
  readonly decidedOn: CalendarDate;
  readonly listType: ListType | null;
  readonly severity: Severity;
  readonly factsSummary: string;
  readonly measures: readonly { readonly measureId: string; readonly basis: string | null }[];
  readonly startDate: CalendarDate;
  readonly endDate: CalendarDate;
  readonly recipients: readonly { readonly departmentId: string; readonly mandatory: boolean }[];
}

export interface IssueRequest extends NoticeRequest {
  readonly idempotencyKey: string;
  readonly subjectCode: string;
  readonly stage: Stage;
}

const MOST_RECIPIENTS = 50;
const MOST_MEASURES = 20;
const DateText = z.custom<CalendarDate>((value) => typeof value === 'string');

const requestShape = {
  decisionNumber: z.string().trim().min(1).max(100),
  decidedOn: DateText,
  listType: z.enum(LIST_TYPES).nullable(),
  severity: z.enum(SEVERITIES),
  factsSummary: z.string().trim().min(1).max(2_000),
  measures: z
    .array(z.object({ measureId: z.string().max(20), basis: z.string().trim().min(1).max(500).nullable() }))
    .min(1)
    .max(MOST_MEASURES),
  startDate: DateText,
  endDate: DateText,
  recipients: z
    .array(z.object({ departmentId: z.string().max(64), mandatory: z.boolean() }))
    .min(1)
    .max(MOST_RECIPIENTS),
};
const Request = z.object(requestShape);
const Issue = z.object({
  ...requestShape,
  idempotencyKey: z
    .string()
    .regex(/^[\w.:-]+$/)
    .min(8)
    .max(128),
  subjectCode: z.string(),
  stage: z.enum(STAGES),
});

function parsed<S extends z.ZodType>(shape: S, request: unknown): z.output<S> {
  const result = shape.safeParse(request);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new HubError('INPUT_INVALID', `"${issue?.path.join('.') ?? 'input'}" cannot be used: ${issue?.message ?? ''}.`);
}

/** @throws HubError INPUT_INVALID naming the part that is wrong */
export const checkIssue = (request: IssueRequest): IssueRequest => parsed(Issue, request);

/** @throws HubError INPUT_INVALID naming the part that is wrong */
export const checkRequest = (request: NoticeRequest): NoticeRequest => parsed(Request, request);

/** What was asked for, so that the same key with other content is told apart. */
export const inputDigestOf = (request: IssueRequest): string => sm3Hex(canonicalJson(request));

function checkDates({ decidedOn, startDate, endDate }: NoticeRequest, severity: Severity, now: Date): void {
  const refuse = (why: string): never => {
    throw new HubError('INPUT_INVALID', why);
  };
  const today = calendarDateOf(now);
  if (decidedOn > today) refuse('"decidedOn" lies in the future.');
  if (startDate < decidedOn) refuse('"startDate" lies before the decision.');
  if (endDate < startDate) refuse('"endDate" lies before "startDate".');
  if (endDate < today) refuse('"endDate" has passed.');
  // Longest publicity: three years for serious infringements, one for general ones, three months for minor ones
  // (NDRC order 36 and its predecessor; domain reference 3.5).
  const months = { MINOR: 3, GENERAL: 12, SERIOUS: 36 }[severity];
  if (endDate > addMonths(startDate, months)) {
    refuse(`A notice of severity ${severity} holds for at most ${months} months.`);
  }
}

/** Each measure in the hands of each recipient that carries it out. */
function measuresIn(request: NoticeRequest, kinds: readonly InstitutionKind[]): readonly NoticeMeasureRecord[] {
  const { decidedOn, severity, recipients } = request;
  return request.measures.flatMap(({ measureId, basis }) => {
    const measure = measureFor({ measureId, decidedOn, severity, kinds });
    const hands = recipients
      .map(({ departmentId }) => departmentId)
      .filter((each) => measure.responsible.length === 0 || measure.responsible.includes(each));
    if (hands.length === 0) {
      const names = measure.responsible.join(', ');
      throw new HubError('INPUT_INVALID', `Measure ${measureId} is carried out by ${names}; none is a recipient.`);
    }
    return hands.map((responsibleId) => ({
      measureId,
      name: measure.name,
      nameZh: measure.nameZh,
      basis: basis === null ? measure.basis : `${measure.basis}; ${basis}`,
      catalogueEdition: measure.edition,
      responsibleId,
    }));
  });
}

/**
 * @param kinds of the subject
 * @param known ids of the departments that the hub serves
 * @throws HubError INPUT_INVALID, MEASURE_NOT_IN_LIST
 */
export function contentOf(
  request: NoticeRequest,
  kinds: readonly InstitutionKind[],
  known: ReadonlySet<string>,
  now: Date,
): NoticeContent {
  const { decisionNumber, decidedOn, listType, severity, factsSummary, startDate, endDate, recipients } = request;
  checkDates(request, severity, now);
  const ids = recipients.map(({ departmentId }) => departmentId);
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined) throw new HubError('INPUT_INVALID', `There is no department "${unknown}".`);
  if (new Set(ids).size < ids.length) throw new HubError('INPUT_INVALID', 'A recipient is named twice.');
  const measureIds = request.measures.map(({ measureId }) => measureId);
  if (new Set(measureIds).size < measureIds.length) throw new HubError('INPUT_INVALID', 'A measure is named twice.');
  const measures = measuresIn(request, kinds);
  const idle = ids.find((id) => !measures.some(({ responsibleId }) => responsibleId === id));
  if (idle !== undefined) {
    throw new HubError('INPUT_INVALID', `Recipient "${idle}" has none of the measures to carry out.`);
  }
  return { decisionNumber, decidedOn, listType, severity, factsSummary, measures, startDate, endDate, recipients };
}

export interface NewNotice {
  readonly id: string;
  readonly number: string;
  readonly determinerId: string;
  readonly request: IssueRequest;
  readonly subject: NoticeSubject;
  readonly version: NoticeVersion;
}

/** A notice in its first state, without events. */
export function newNotice({ id, number, determinerId, request, subject, version }: NewNotice): Notice {
  return {
    _id: id,
    revision: 1,
    number,
    determinerId,
    idempotencyKey: request.idempotencyKey,
    inputDigest: inputDigestOf(request),
    subject,
    state: 'DRAFT',
    version: version.version,
    versions: [version],
    deliveries: [],
    publishedAt: null,
    stateBeforeRepair: null,
    ending: null,
    closedAt: null,
    createdAt: version.issuedAt,
    createdBy: version.issuedBy,
    eventCount: 0,
    lastChain: CHAIN_START,
    pendingEvents: [],
    hasPending: false,
    pendingSince: null,
    recipientIds: [],
    overdue: false,
    hasOpen: false,
    hasDead: false,
    openLanes: [],
    nextClockAt: null,
  };
}
