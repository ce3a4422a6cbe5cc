import { describe, expect, it } from '@jest/globals';
import { auditVerdict } from '../support/dependency-audit.ts';

const answer = (counts: Record<string, number>, packages: Record<string, string> = {}): string =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(Object.entries(packages).map(([name, severity]) => [name, { severity }])),
    metadata: { vulnerabilities: { info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: 0, ...counts } },
  });

describe('The audit of dependencies', () => {
  it('fails for a serious weakness and names the packages', () => {
    expect(auditVerdict(answer({ high: 1, critical: 1 }, { left: 'critical', right: 'high', up: 'low' }))).toEqual({
      exitCode: 1,
      line: 'Dependencies with known serious weaknesses: left, right.',
    });
  });

  it('passes without one and counts the others', () => {
    expect(auditVerdict(answer({ moderate: 2, low: 1 }, { a: 'moderate' }))).toEqual({
      exitCode: 0,
      line: 'Dependencies were audited: none serious, 2 moderate, 1 low.',
    });
  });

  it.each([
    ['does not take such questions', '{"message":"405 Method Not Allowed","statusCode":405,"error":{}}'],
    ['cannot be reached', '{"message":"request failed, reason: getaddrinfo ENOTFOUND"}'],
    ['says nothing', ''],
    ['is a page of a proxy', '<html>'],
  ])('says that it was not made where the registry %s, and does not fail', (_, text) => {
    const { exitCode, line } = auditVerdict(text);
    expect([exitCode, line]).toEqual([0, expect.stringContaining('NOT audited')]);
  });
});
