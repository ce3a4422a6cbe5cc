/** Recognitions for tests: a report of a fictional subject that nothing stands against, and what becomes of it. */
import { verify } from '../../schema/recognition/case.ts';
import { RecognitionChange } from '../../schema/recognition/change.ts';
import type { Check, ReasonCode } from '../../schema/recognition/check.ts';
import { decide } from '../../schema/recognition/decide.ts';
import type { Evidence, Seen, SeenCoverage } from '../../schema/recognition/evidence.ts';
import type { Recognition, RecognitionEvent } from '../../schema/recognition/recognition.ts';
import { newRecognition } from '../../schema/recognition/request.ts';
import { rulesOn } from '../../schema/recognition/rules.ts';
import { parseCalendarDate } from '../../schema/time/calendar-date.ts';
import { parseInstant } from '../../schema/time/instant.ts';

export const at = (text: string): Date => parseInstant(text.includes('T') ? text : `${text}T10:00:00+08:00`);
export const day = parseCalendarDate;
/** A Tuesday; no holiday is near. */
export const TODAY = '2026-03-31';
export const NOW = at(TODAY);
export const INSTITUTION = '91520602MAYDM0078A';
export const HEARING = { voice: 'MUTATION', receipt: 'a'.repeat(64) } as const;

const coverage = (facet: SeenCoverage['facet'], over: Partial<SeenCoverage> = {}): SeenCoverage => ({
  departmentId: 'market-regulation',
  facet,
  status: 'REPLICA',
  asOf: NOW,
  reason: null,
  ...over,
});

const item = { object: '粮食及制品', parameter: '水分', standard: 'GB 5009.3-2016', restriction: null, site: null };

/** What is seen of a report of 2026-02-11 that nothing stands against. */
export function evidence(over: Partial<Evidence> = {}): Evidence {
  const cma = {
    departmentId: 'market-regulation',
    scheme: 'CMA',
    number: '242400340102',
    status: 'VALID',
    since: day('2024-02-10'),
    scope: [item],
    signatories: [{ name: 'digest of a name', fields: ['粮食及制品'] }],
  } as const;
  const qualifications = [{ coverage: coverage('QUALIFICATIONS'), records: [cma] }];
  return {
    question: {
      kind: 'REPORT',
      number: 'BG-1',
      institutionCode: INSTITUTION,
      purpose: 'LICENCE',
      presentedDigest: null,
    },
    decidedOn: day(TODAY),
    gatheredAt: NOW,
    registerId: 'market-regulation',
    institution: [
      { coverage: coverage('INSTITUTIONS'), records: [{ name: '铜仁示例庚食品检测有限公司', status: 'ACTIVE' }] },
    ],
    reports: [
      {
        coverage: coverage('REPORTS'),
        records: [
          {
            version: 1,
            issuedOn: day('2026-02-11'),
            conclusion: 'PASS',
            digest: 'd'.repeat(64),
            samplingKind: 'AUTHORITY_SAMPLING',
            parameters: [item],
            signatory: 'digest of a name',
            isOfInstitution: true,
            provenance: { departmentId: 'market-regulation', sourceRecordId: 'R1', receipt: 'e'.repeat(64) },
          },
        ],
      },
    ],
    certificates: [],
    qualifications: { onDay: qualifications, now: qualifications },
    listEntries: [{ coverage: coverage('LIST_ENTRIES'), records: [] }],
    clues: [],
    proficiency: [],
    ...over,
  };
}

/** While market regulation is silent. */
export function silence(): Evidence {
  const silent = (answers: readonly Seen<unknown>[]): Seen<never>[] =>
    answers.map((answer) => ({
      coverage: { ...answer.coverage, status: 'UNAVAILABLE', asOf: null, reason: 'SOURCE_TIMEOUT: too slow' },
      records: [],
    }));
  const whole = evidence();
  return evidence({
    institution: silent(whole.institution),
    reports: silent(whole.reports),
    listEntries: silent(whole.listEntries),
    qualifications: { onDay: silent(whole.qualifications.onDay), now: silent(whole.qualifications.now) },
  });
}

export function submitted(id = 'r1', relyingIds: readonly string[] = ['ecology', 'transport']): Recognition {
  return newRecognition({
    id,
    requesterId: 'market-regulation',
    request: {
      idempotencyKey: `key-of-${id}`,
      kind: 'REPORT',
      number: 'BG-1',
      institutionCode: INSTITUTION,
      purpose: 'LICENCE',
      presentedDigest: null,
      relyingIds,
    },
    institution: {
      creditCode: INSTITUTION,
      name: '铜仁示例庚食品检测有限公司',
      regionCode: '520602',
      kinds: ['FOOD_AGRI_TESTING_BODY'],
      registeredAsOf: NOW,
    },
    createdAt: NOW,
    createdBy: 'clerk',
  });
}

/** One command on a recognition, as the store runs it. */
export function changed(
  recognition: Recognition,
  command: (change: RecognitionChange) => void,
  now = NOW,
  actor = 'clerk',
): Recognition {
  const change = new RecognitionChange(recognition, actor, now);
  command(change);
  return change.isChanged ? { ...change.outcome(), revision: recognition.revision + 1 } : recognition;
}

/** As the checks settle what is seen. */
export const verified = (recognition: Recognition, seen = evidence(), now = NOW): Recognition =>
  changed(
    recognition,
    (change) => {
      if (recognition.eventCount === 0) change.emit('SUBMITTED');
      verify(change, seen, decide(seen, rulesOn(seen.decidedOn)));
    },
    now,
  );

export const recognised = (id = 'r1', relyingIds?: readonly string[], now = NOW): Recognition =>
  verified(submitted(id, relyingIds), evidence(), now);

/** What an event log would have given: every event numbered, every message in its place. */
export function numbered(recognition: Recognition, from = 1): Recognition {
  const numbers = new Map(recognition.pendingEvents.map(({ eventId }, index) => [eventId, from + index]));
  return {
    ...recognition,
    pendingEvents: [],
    hasPending: false,
    pendingSince: null,
    targets: recognition.targets.map((target) => ({
      ...target,
      messages: target.messages.map((message) => ({
        ...message,
        position: message.position ?? numbers.get(message.eventId) ?? null,
      })),
    })),
  };
}

export const kindsOf = (events: readonly Pick<RecognitionEvent, 'kind' | 'departmentId'>[]): string[] =>
  events.map(({ kind, departmentId }) => (departmentId === null ? kind : `${kind} ${departmentId}`));

export const checkOf = (checks: readonly Check[], code: ReasonCode): Check | undefined =>
  checks.find((each) => each.code === code);
