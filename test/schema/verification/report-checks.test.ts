import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import {
  answered,
  nothingOnRecord,
  unavailable,
  unsupported,
  type DepartmentAnswer,
} from '../../../schema/department-answer.ts';
import type { CapabilityItem, QualificationRecord, ReportRecord } from '../../../schema/records.ts';
import {
  consistent,
  inScope,
  issuerQualified,
  latestPerDepartment,
  registered,
} from '../../../schema/verification/report-checks.ts';
import { at, capability, day, department, qualification, report, type DepartmentId } from '../support/records.ts';

const ASKED_AT = at('2026-03-03');
const malformed = [{ recordId: null, field: 'BGBH', problem: 'is missing' }];

function registerOf(id: DepartmentId) {
  const question = { department: department(id), facet: 'REPORTS' as const };
  return {
    holds: (...records: ReportRecord[]): DepartmentAnswer<ReportRecord> =>
      answered(question, { records, malformed: [] }, ASKED_AT),
    holdsUnreadable: (): DepartmentAnswer<ReportRecord> => answered(question, { records: [], malformed }, ASKED_AT),
    holdsNothing: (): DepartmentAnswer<ReportRecord> => nothingOnRecord(question, ASKED_AT),
    heldNothing: (): DepartmentAnswer<ReportRecord> =>
      answered(question, { records: [], malformed: [] }, ASKED_AT, 'STALE', 'SOURCE_TIMEOUT: too slow'),
    isSilent: (): DepartmentAnswer<ReportRecord> => unavailable(question, 'SOURCE_TIMEOUT', 'too slow'),
    keepsNone: (): DepartmentAnswer<ReportRecord> => unsupported(question),
  };
}
const marketRegulation = registerOf('market-regulation');
const ecology = registerOf('ecology');
const transport = registerOf('transport');

describe('whether a report is registered', () => {
  it('passes as soon as one register holds it, and names that register', () => {
    const answers = [marketRegulation.isSilent(), ecology.holds(report())];
    expect(registered(answers)).toMatchObject({
      check: { name: 'REGISTERED', passed: true, evidence: 'on the register of ecology', coverage: { status: 'LIVE' } },
      verdict: null,
    });
  });

  it('fails when every register was asked and none holds it', () => {
    expect(registered([marketRegulation.holdsNothing(), ecology.holdsNothing(), transport.keepsNone()])).toEqual({
      check: { name: 'REGISTERED', passed: false, evidence: 'on no register', coverage: null },
      verdict: 'NOT_FOUND',
    });
  });

  it.each([
    ['did not answer', ecology.isSilent(), 'UNAVAILABLE'],
    ['could only be read in part', ecology.holdsUnreadable(), 'PARTIAL'],
    ['gave nothing but an old answer', ecology.heldNothing(), 'STALE'],
  ])('cannot be told when a register %s', (_, silent, status) => {
    expect(registered([marketRegulation.holdsNothing(), silent])).toMatchObject({
      check: { passed: null, coverage: { department: { id: 'ecology' }, status } },
      verdict: 'UNVERIFIABLE',
    });
  });
});

describe('whether registers agree on a report', () => {
  it.each<[string, ReportRecord[]]>([
    ['one row', [report()]],
    ['equal rows on two registers', [report(), report({}, 'ecology')]],
    ['the same row sent twice', [report(), report()]],
    ['a later version that replaces the earlier', [report({ conclusion: 'FAIL' }), report({ version: 2 })]],
    ['a digest that only one register keeps', [report({ digest: 'abc' }), report({}, 'ecology')]],
  ])('passes with %s', (_, records) => {
    expect(consistent(records)).toMatchObject({ check: { name: 'CONSISTENT', passed: true }, verdict: null });
  });

  it.each<[string, ReportRecord[]]>([
    ['another day of issue', [report(), report({ issuedOn: day('2026-03-03') }, 'ecology')]],
    ['another conclusion', [report(), report({ conclusion: 'FAIL' }, 'ecology')]],
    ['another digest', [report({ digest: 'abc' }), report({ digest: 'abd' }, 'ecology')]],
    ['another content under one version of one register', [report(), report({ conclusion: 'FAIL' })]],
    [
      'another content under an old version of one register',
      [report(), report({ conclusion: 'FAIL' }), report({ version: 2 })],
    ],
    [
      'a later version that says something else than the other register',
      [report({ version: 2, conclusion: 'FAIL' }), report(), report({}, 'ecology')],
    ],
  ])('fails with %s', (_, records) => {
    expect(consistent(records)).toEqual({
      check: {
        name: 'CONSISTENT',
        passed: false,
        evidence: 'the number is registered with different content',
        coverage: null,
      },
      verdict: 'MISMATCH',
    });
  });

  it('counts the rows it rests on', () => {
    expect(consistent([report()]).check.evidence).toBe('1 row agrees');
    expect(consistent([report(), report({}, 'ecology')]).check.evidence).toBe('2 rows agree');
  });

  it('rests on the highest version of each register, whatever came first', () => {
    const records = [report({ version: 2 }), report({ version: 3 }), report({ version: 1 }), report({}, 'ecology')];
    const latest = latestPerDepartment(records).map(
      ({ provenance, version }) => `${provenance.departmentId} ${version}`,
    );
    expect(latest).toEqual(['market-regulation 3', 'ecology 1']);
  });
});

describe('whether the issuer was qualified on the day of issue', () => {
  const DAY = day('2026-03-05');
  const NOW = at('2026-03-20');
  const question = {
    department: department('market-regulation', { authoritativeFor: ['cmaNumber'] }),
    facet: 'QUALIFICATIONS' as const,
  };
  const register = (...records: QualificationRecord[]) => answered(question, { records, malformed: [] }, ASKED_AT);
  const silent = unavailable<QualificationRecord>(question, 'SOURCE_TIMEOUT', 'too slow');
  const partly = (...records: QualificationRecord[]) => answered(question, { records, malformed }, ASKED_AT);
  const othersSay = (...records: QualificationRecord[]) =>
    answered({ department: department('ecology'), facet: 'QUALIFICATIONS' }, { records, malformed: [] }, ASKED_AT);
  const check = (...answers: DepartmentAnswer<QualificationRecord>[]) => issuerQualified(answers, DAY, NOW);

  it('passes with a CMA in force, and gives its scope of that day', () => {
    const versions = [
      qualification({ scope: [capability()], effectiveFrom: at('2023-03-15') }),
      qualification({ scope: [], effectiveFrom: at('2026-03-10') }),
    ];
    expect(check(register(...versions))).toMatchObject({
      check: {
        name: 'ISSUER_QUALIFIED',
        passed: true,
        evidence: 'CMA 232405340017 was VALID on 2026-03-05',
        coverage: { status: 'LIVE' },
      },
      verdict: null,
      scope: [capability()],
    });
  });

  it('passes on the last day of the certificate and fails on the next', () => {
    expect(check(register(qualification({ validTo: DAY }))).verdict).toBeNull();
    expect(check(register(qualification({ validTo: day('2026-03-04') })))).toMatchObject({
      check: { passed: false, evidence: 'CMA 232405340017 was EXPIRED on 2026-03-05' },
      verdict: 'ISSUER_UNQUALIFIED',
      scope: [],
    });
  });

  it.each([
    ['the CMA was being rectified', [qualification({ status: 'RECTIFYING' })], 'CMA 232405340017 was RECTIFYING'],
    [
      'it was revoked in the course of that day',
      [
        qualification({ effectiveFrom: at('2023-03-15') }),
        qualification({ status: 'REVOKED', effectiveFrom: at('2026-03-05T15:00') }),
      ],
      'CMA 232405340017 was REVOKED',
    ],
    ['it began later', [qualification({ validFrom: day('2026-03-06') })], 'no CMA'],
    ['there is none', [], 'no CMA'],
    ['there is only a qualification of another kind', [qualification({ scheme: 'CNAS' })], 'no CMA'],
  ])('fails when %s', (_, records, evidence) => {
    expect(check(register(...records))).toMatchObject({
      check: { passed: false, evidence: `${evidence} on 2026-03-05` },
      verdict: 'ISSUER_UNQUALIFIED',
    });
  });

  it('rests on what is known today, with later corrections', () => {
    const wrong = qualification({ recordedAt: at('2023-03-15'), supersededAt: at('2026-03-10'), status: 'REVOKED' });
    const right = qualification({ recordedAt: at('2026-03-10') });
    expect(check(register(wrong, right)).verdict).toBeNull();
  });

  it('adds up the scopes of several certificates in force', () => {
    const other = capability({ parameter: '加载减速法' });
    const records = [
      qualification({ scope: [capability()] }),
      qualification({ number: '242405340017', scope: [other] }),
    ];
    expect(check(register(...records)).scope).toEqual([capability(), other]);
  });

  it('cannot be told while the register is silent', () => {
    expect(check(silent)).toMatchObject({
      check: { passed: null, coverage: { status: 'UNAVAILABLE' } },
      verdict: 'UNVERIFIABLE',
      scope: [],
    });
  });

  it('is not denied by another department’s copy while the register is silent', () => {
    const outdated = qualification({ validTo: day('2025-12-31') }, 'ecology');
    expect(check(silent, othersSay(outdated)).verdict).toBe('UNVERIFIABLE');
    expect(check(register(), othersSay(outdated)).verdict).toBe('ISSUER_UNQUALIFIED');
  });

  it('is neither affirmed nor denied by an answer of long ago or by another department’s copy', () => {
    const longAgo = (...records: QualificationRecord[]) =>
      answered(question, { records, malformed: [] }, ASKED_AT, 'STALE', 'SOURCE_TIMEOUT: too slow');
    expect(check(longAgo(qualification())).verdict).toBe('UNVERIFIABLE');
    expect(check(longAgo(qualification({ status: 'REVOKED' }))).verdict).toBe('UNVERIFIABLE');
    expect(check(silent, othersSay(qualification({}, 'ecology'))).verdict).toBe('UNVERIFIABLE');
  });

  it('is denied by the replica while it is fresh', () => {
    const replica = (...records: QualificationRecord[]) =>
      answered(question, { records, malformed: [] }, ASKED_AT, 'REPLICA');
    expect(check(replica(qualification({ status: 'REVOKED' }))).verdict).toBe('ISSUER_UNQUALIFIED');
    expect(check(replica(qualification())).verdict).toBeNull();
  });

  it('is not denied while part of the register’s answer could not be read, but can be affirmed', () => {
    expect(check(partly(qualification({ validTo: day('2025-12-31') }))).verdict).toBe('UNVERIFIABLE');
    expect(check(partly(qualification())).verdict).toBeNull();
  });
});

describe('whether a report lies within the scope', () => {
  const held = [capability(), capability({ parameter: '双怠速法', site: '示例路1号' })];
  const asked = (facts: Partial<CapabilityItem> = {}) => capability(facts);

  it.each<[string, CapabilityItem[]]>([
    ['every parameter with its standard', [asked(), asked({ parameter: '双怠速法' })]],
    ['other blanks and widths', [asked({ standard: 'ＧＢ18285－2018', parameter: '简易瞬态 工况法' })]],
    ['the site of the scope', [asked({ parameter: '双怠速法', site: '示例路 1号' })]],
    ['a site where the scope holds for all sites', [asked({ site: '示例路9号' })]],
    ['another object: departments name them differently', [asked({ object: '汽油车' })]],
  ])('passes with %s', (_, parameters) => {
    const all = parameters.length;
    expect(inScope(parameters, held)).toEqual({
      check: { name: 'IN_SCOPE', passed: true, evidence: `${all} of ${all} parameters in scope`, coverage: null },
      verdict: null,
    });
  });

  it.each<[string, CapabilityItem]>([
    ['another edition of the standard', asked({ standard: 'GB 18285-2005' })],
    ['another parameter', asked({ parameter: '加载减速法' })],
    ['another site', asked({ parameter: '双怠速法', site: '示例路9号' })],
  ])('fails with %s, and names the first that is outside', (_, outside) => {
    expect(inScope([asked(), outside], held)).toEqual({
      check: {
        name: 'IN_SCOPE',
        passed: false,
        evidence: `${outside.parameter} by ${outside.standard} is not in the scope of that day`,
        coverage: null,
      },
      verdict: 'OUT_OF_SCOPE',
    });
  });

  it('fails for everything when the scope is empty', () => {
    expect(inScope([asked()], []).verdict).toBe('OUT_OF_SCOPE');
  });

  it('cannot be told when the register holds no parameters, and stands in nobody’s way', () => {
    expect(inScope([], held)).toMatchObject({ check: { passed: null }, verdict: null });
  });
});
