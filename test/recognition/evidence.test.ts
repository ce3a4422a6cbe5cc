/** Decisions over the reference world: each reason for not recognising a result, from a case that is there. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { createOwnContext } from '../../schema/context.ts';
import type { ReasonCode } from '../../schema/recognition/check.ts';
import { decide, replay, type Judgement } from '../../schema/recognition/decide.ts';
import type { Evidence, RecognitionQuestion } from '../../schema/recognition/evidence.ts';
import type { Clue, Finding, ProficiencyResult } from '../../schema/recognition/finding.ts';
import { gatherEvidence } from '../../schema/recognition/gather.ts';
import { rulesOn } from '../../schema/recognition/rules.ts';
import { parseCalendarDate } from '../../schema/time/calendar-date.ts';
import { CERTIFICATES, REPORTS } from '../../sources/world/planted/keys.ts';
import type { SubjectKey } from '../../sources/world/subjects.ts';
import { codeOf, PATIENCE_MS, present, subjectOf, useHub } from '../hub/support.ts';

const TODAY = parseCalendarDate('2026-03-31');
const clock = { now: () => new Date('2026-03-31T10:00:00+08:00') };
const hub = useHub({ worldSize: 0, patienceMs: PATIENCE_MS, guard: { failuresToOpen: 1_000 }, clock });

/** What the hub's own records hold in a test. */
let held: Finding[] = [];
afterEach(() => {
  held = [];
});

async function seen(
  institution: SubjectKey,
  number: string,
  over: Partial<RecognitionQuestion> = {},
): Promise<{ readonly evidence: Evidence; readonly judgement: Judgement }> {
  const question: RecognitionQuestion = {
    kind: 'REPORT',
    number,
    institutionCode: codeOf(institution),
    purpose: 'LICENCE',
    presentedDigest: null,
    ...over,
  };
  const scope = { requestId: 'test', signal: new AbortController().signal, deadlineAt: Date.now() + PATIENCE_MS };
  const findings = { ofInstitution: (code: string) => Promise.resolve(held.filter((one) => one.creditCode === code)) };
  const evidence = await gatherEvidence(question, createOwnContext(hub().services, scope), findings, TODAY);
  return { evidence, judgement: decide(evidence, rulesOn(TODAY)) };
}
const judged = async (...asked: Parameters<typeof seen>): Promise<Judgement> => (await seen(...asked)).judgement;
const evidenceOf = ({ checks }: Judgement, code: ReasonCode): string =>
  present(checks.find((each) => each.code === code)).evidence;
const unsettledIn = ({ checks }: Judgement): string[] =>
  checks.flatMap(({ code, passed, doubt }) => (passed === null ? [`${code} ${doubt ?? ''}`] : []));

const record = {
  departmentId: 'market-regulation',
  revision: 1,
  recordedAt: clock.now(),
  recordedBy: 'clerk',
  note: 'x',
  isNews: false,
};
const clue = (institution: SubjectKey, over: Partial<Clue> = {}): Clue => ({
  ...record,
  _id: 'CLUE.market-regulation.1',
  creditCode: codeOf(institution),
  kind: 'CLUE',
  reportNumber: null,
  concernsFrom: null,
  state: 'OPEN',
  ...over,
});
const proficiency = (institution: SubjectKey, over: Partial<ProficiencyResult> = {}): ProficiencyResult => ({
  ...record,
  _id: 'PROFICIENCY.market-regulation.1',
  creditCode: codeOf(institution),
  kind: 'PROFICIENCY',
  parameter: '水分',
  standard: null,
  grade: 'UNSATISFACTORY',
  evaluatedOn: parseCalendarDate('2026-02-01'),
  closedOn: null,
  ...over,
});

describe('a report that nothing stands against is recognised', () => {
  it('with every check passed and its evidence', async () => {
    const judgement = await judged('INST-G', REPORTS.authoritySample);
    expect(judgement).toMatchObject({
      outcome: 'RECOGNIZED',
      reasonCodes: [],
      validTo: '2027-02-11',
      rulesetEdition: '2026-1',
    });
    expect(judgement.checks.map(({ code, passed }) => `${code} ${String(passed)}`)).toEqual(
      'RJ01 RJ02 RJ03 RJ04 RJ05 RJ06 RJ07 RJ08 RJ09 RJ10 RJ11'.split(' ').map((code) => `${code} true`),
    );
    expect(evidenceOf(judgement, 'RJ03')).toBe('CMA 242400340102 was VALID on 2026-02-11');
    expect(evidenceOf(judgement, 'RJ05')).not.toContain('示例粮');
  });

  it('of a vehicle, by a signatory whose field covers all of vehicle inspection', async () => {
    const judgement = await judged('INST-A', REPORTS.authentic);
    expect(judgement).toMatchObject({ outcome: 'RECOGNIZED', validTo: '2027-03-02' });
    expect(evidenceOf(judgement, 'RJ05')).toBe('who signed was authorised for 机动车检验 on 2026-03-02');
  });

  it('with the document in hand, when its digest is the one on file', async () => {
    const [report] = hub()
      .world.reportsOf(subjectOf(hub().world, 'INST-G'))
      .filter(({ number }) => number === REPORTS.authoritySample);
    const judgement = await judged('INST-G', REPORTS.authoritySample, { presentedDigest: present(report).digest });
    expect(judgement.outcome).toBe('RECOGNIZED');
    expect(evidenceOf(judgement, 'RJ02')).toContain('the digest of the document is the one on file');
  });

  it('and the same is decided again from what was seen', async () => {
    for (const [institution, number] of [
      ['INST-G', REPORTS.authoritySample],
      ['INST-C', REPORTS.obsoleteStandard],
      ['INST-F', REPORTS.afterExpiry],
    ] as const) {
      const { evidence, judgement } = await seen(institution, number);
      expect(replay(structuredClone(evidence), judgement)).toEqual(judgement);
    }
  });

  it('and keeps no name of a person', async () => {
    const { evidence } = await seen('INST-G', REPORTS.authoritySample);
    expect(JSON.stringify(evidence)).not.toMatch(/示例[粮庚]"/u);
  });
});

describe('a report is rejected', () => {
  it.each<[ReasonCode, string, SubjectKey, string, Partial<RecognitionQuestion>, ReasonCode[]]>([
    ['RJ01', 'nobody ever issued it', 'INST-A', REPORTS.unknown, {}, ['RJ01']],
    ['RJ01', 'another institution issued it', 'INST-B', REPORTS.authentic, {}, ['RJ01']],
    ['RJ02', 'registers disagree on it', 'INST-B', REPORTS.registersDisagree, {}, ['RJ02']],
    [
      'RJ02',
      'the document in hand is another one',
      'INST-G',
      REPORTS.authoritySample,
      { presentedDigest: 'a'.repeat(64) },
      ['RJ02'],
    ],
    ['RJ03', 'the certificate had ended', 'INST-F', REPORTS.afterExpiry, {}, ['RJ03']],
    ['RJ04', 'the item was never in the scope', 'INST-C', REPORTS.outOfScope, {}, ['RJ04']],
    ['RJ04', 'the item had been left out at the renewal', 'INST-G', REPORTS.outsideRenewedScope, {}, ['RJ04']],
    ['RJ05', 'nobody had authorised who signed it', 'INST-G', REPORTS.unauthorisedSignatory, {}, ['RJ05']],
    ['RJ06', 'it is too old for the purpose', 'INST-F', REPORTS.carbonFalse, {}, ['RJ06']],
    ['RJ07', 'it speaks of a sent sample alone', 'INST-G', REPORTS.sentSample, {}, ['RJ07']],
    ['RJ10', 'the method had been replaced', 'INST-C', REPORTS.obsoleteStandard, {}, ['RJ10']],
  ])('%s because %s', async (code, _why, institution, number, over, codes) => {
    const judgement = await judged(institution, number, over);
    expect(judgement).toMatchObject({ outcome: 'REJECTED', reasonCodes: codes });
    expect(codes).toContain(code);
  });

  it('RJ08 because the institution was on the serious list, or being rectified', async () => {
    const { world } = hub();
    const late = present(world.reportsOf(subjectOf(world, 'INST-H')).find(({ issuedOn }) => issuedOn >= '2026-02-20'));
    expect(await judged('INST-H', late.number)).toMatchObject({ outcome: 'REJECTED', reasonCodes: ['RJ03', 'RJ08'] });
    const rectified = present(
      world.reportsOf(subjectOf(world, 'INST-B')).find(({ issuedOn }) => issuedOn === '2026-03-12'),
    );
    const judgement = await judged('INST-B', rectified.number);
    expect(judgement).toMatchObject({ outcome: 'REJECTED', reasonCodes: ['RJ08'] });
    expect(evidenceOf(judgement, 'RJ08')).toBe('ordered to rectify on 2026-03-12: no reports may be issued');
  });

  it('RJ09 because a clue that it may be false is open, or has been confirmed', async () => {
    held = [clue('INST-G', { reportNumber: REPORTS.authoritySample })];
    expect(await judged('INST-G', REPORTS.authoritySample)).toMatchObject({
      outcome: 'REJECTED',
      reasonCodes: ['RJ09'],
    });
    held = [clue('INST-G', { state: 'CONFIRMED', concernsFrom: parseCalendarDate('2026-02-11') })];
    const judgement = await judged('INST-G', REPORTS.authoritySample);
    expect(judgement.checks.find(({ code }) => code === 'RJ09')).toMatchObject({
      passed: false,
      cause: 'CONFIRMED_CLUE',
    });
  });

  it('RJ11 because the item was unsatisfactory in proficiency testing on that day', async () => {
    held = [proficiency('INST-G')];
    expect(await judged('INST-G', REPORTS.authoritySample)).toMatchObject({
      outcome: 'REJECTED',
      reasonCodes: ['RJ11'],
    });
  });

  it('for every reason that there is', async () => {
    held = [clue('INST-G', { reportNumber: REPORTS.sentSample }), proficiency('INST-G', { parameter: '黄曲霉毒素B1' })];
    const judgement = await judged('INST-G', REPORTS.sentSample, { presentedDigest: 'b'.repeat(64) });
    expect(judgement.reasonCodes).toEqual(['RJ02', 'RJ07', 'RJ09', 'RJ11']);
  });
});

describe('neither a clue, a result nor a rule that is about something else stands against a report', () => {
  it.each<[string, Finding]>([
    ['a clue that was dismissed', clue('INST-G', { state: 'DISMISSED' })],
    ['a clue about another report', clue('INST-G', { reportNumber: REPORTS.sentSample })],
    ['a clue about another institution', clue('INST-C')],
    ['a satisfactory result', proficiency('INST-G', { grade: 'SATISFACTORY' })],
    ['a result on another item', proficiency('INST-G', { parameter: '铅' })],
    ['a result by another standard', proficiency('INST-G', { standard: 'GB 5009.3-2010' })],
    ['a result that was put right before', proficiency('INST-G', { closedOn: parseCalendarDate('2026-02-11') })],
  ])('%s', async (_, finding) => {
    held = [finding];
    expect((await judged('INST-G', REPORTS.authoritySample)).outcome).toBe('RECOGNIZED');
  });

  it('a sent sample serves a bid, and an old report a purpose with more patience', async () => {
    expect((await judged('INST-G', REPORTS.sentSample, { purpose: 'BIDDING' })).outcome).toBe('RECOGNIZED');
  });
});

describe('a person must decide', () => {
  it.each<[string, Finding, string]>([
    ['a clue concerns later reports', clue('INST-G', { concernsFrom: parseCalendarDate('2026-02-12') }), 'RJ09 REVIEW'],
    [
      'the item became unsatisfactory afterwards',
      proficiency('INST-G', { evaluatedOn: parseCalendarDate('2026-02-12') }),
      'RJ11 REVIEW',
    ],
  ])('when %s', async (_, finding, doubt) => {
    held = [finding];
    const judgement = await judged('INST-G', REPORTS.authoritySample);
    expect(judgement).toMatchObject({ outcome: 'NEED_MORE', reasonCodes: [] });
    expect(unsettledIn(judgement)).toEqual([doubt]);
  });

  it('when the institution has been listed, revoked or ordered to rectify since', async () => {
    const { world } = hub();
    const early = (key: SubjectKey, before: string) =>
      present(
        world
          .reportsOf(subjectOf(world, key))
          .find(({ issuedOn, conclusion }) => issuedOn < before && issuedOn > '2025-06-01' && conclusion === 'PASS'),
      );
    const ofH = await judged('INST-H', early('INST-H', '2025-09-01').number);
    expect(ofH.outcome).toBe('NEED_MORE');
    expect(unsettledIn(ofH)).toEqual(['RJ03 REVIEW', 'RJ08 REVIEW']);
    const ofB = await judged('INST-B', early('INST-B', '2025-09-01').number);
    expect(unsettledIn(ofB)).toEqual(['RJ08 REVIEW']);
    expect(evidenceOf(ofB, 'RJ08')).toMatch(/^not listed on 2025-\d\d-\d\d, but ordered to rectify since 2026-03-05$/);
  });

  it('when a report has no verdict, or nobody is known to have signed it', async () => {
    const { evidence } = await seen('INST-G', REPORTS.authoritySample);
    const without = (part: object): Judgement =>
      decide(
        {
          ...evidence,
          reports: evidence.reports.map((answer) => ({
            ...answer,
            records: answer.records.map((one) => ({ ...one, ...part })),
          })),
        },
        rulesOn(TODAY),
      );
    expect(unsettledIn(without({ conclusion: 'UNKNOWN' }))).toEqual(['RJ07 MISSING']);
    expect(unsettledIn(without({ samplingKind: null }))).toEqual(['RJ07 MISSING']);
    expect(unsettledIn(without({ signatory: null }))).toEqual(['RJ05 MISSING']);
    expect(unsettledIn(without({ parameters: [] }))).toEqual(['RJ04 MISSING', 'RJ10 MISSING']);
    expect(unsettledIn(without({ isOfInstitution: null }))[0]).toBe('RJ01 MISSING');
  });
});

describe('while a department is silent', () => {
  it('nothing that it is needed for passes, and nothing is said not to exist', async () => {
    await hub().during('market-regulation', { kind: 'down' }, async () => {
      const judgement = await judged('INST-A', REPORTS.authentic);
      expect(judgement).toMatchObject({ outcome: 'NEED_MORE', reasonCodes: [] });
      expect(judgement.checks[0]).toMatchObject({
        code: 'RJ01',
        passed: null,
        doubt: 'SILENT',
        coverage: { departmentId: 'market-regulation', status: 'UNAVAILABLE' },
      });
      expect((await judged('INST-A', REPORTS.unknown)).outcome).toBe('NEED_MORE');
    });
  });

  it('a report that the others hold is not taken for undisputed', async () => {
    await hub().during('ecology', { kind: 'down' }, async () => {
      const judgement = await judged('INST-A', REPORTS.authentic);
      expect(judgement.outcome).toBe('NEED_MORE');
      expect(unsettledIn(judgement)).toEqual(['RJ02 SILENT']);
    });
  });

  it('what is certain all the same rejects', async () => {
    await hub().during('ecology', { kind: 'down' }, async () => {
      expect(await judged('INST-G', REPORTS.unauthorisedSignatory)).toMatchObject({
        outcome: 'REJECTED',
        reasonCodes: ['RJ05'],
      });
    });
  });
});

describe('a certificate', () => {
  const certificate = (number: string, institution: SubjectKey = 'INST-D') =>
    judged(institution, number, { kind: 'CERTIFICATE' });

  it('in force is recognised until it ends', async () => {
    const judgement = await certificate(CERTIFICATES.valid);
    expect(judgement).toMatchObject({ outcome: 'RECOGNIZED', reasonCodes: [] });
    expect(judgement.checks.map(({ code }) => code)).toEqual(['RJ01', 'RJ02', 'RJ03', 'RJ08', 'RJ09']);
    expect(judgement.validTo).not.toBeNull();
    expect(evidenceOf(judgement, 'RJ03')).toMatch(
      /^in force; CERTIFICATION_APPROVAL CNCA-R-2021-004 of the issuer was VALID on/,
    );
  });

  it.each([
    ['RJ01', 'nobody issued', '10399Q0000399R0M', 'INST-D'],
    ['RJ01', 'another body issued', CERTIFICATES.valid, 'INST-A'],
    ['RJ03', 'is suspended', CERTIFICATES.suspended, 'INST-D'],
    ['RJ03', 'is revoked', CERTIFICATES.revoked, 'INST-D'],
    ['RJ03', 'of a product is suspended', CERTIFICATES.cccSuspended, 'INST-D'],
  ] as const)('is rejected %s when it %s', async (code, _, number, institution) => {
    expect(await certificate(number, institution)).toMatchObject({ outcome: 'REJECTED', reasonCodes: [code] });
  });

  it('is not said to be on no register while the register is silent', async () => {
    await hub().during('market-regulation', { kind: 'down' }, async () => {
      expect((await certificate('10399Q0000399R0M')).outcome).toBe('NEED_MORE');
    });
  });
});
