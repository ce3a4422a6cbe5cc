import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { PUBLIC_CALLER } from '../../../schema/access/caller.ts';
import { createHubContext } from '../../../schema/context.ts';
import type { DepartmentSource } from '../../../schema/ports.ts';
import { verifyReport } from '../../../schema/verification/verify-report.ts';
import { fakeDepartment, operation, servicesOf } from '../support/fake-departments.ts';
import { A, capability, institution, qualification, report } from '../support/records.ts';

it('a report whose issuer nobody describes now is UNVERIFIABLE, with the check that could not be made', async () => {
  const scope = [capability()];
  const whole = fakeDepartment('market-regulation', {
    register: true,
    authoritativeFor: ['cmaNumber'],
    answers: {
      institutions: () => [institution('market-regulation')],
      reportsByNumber: () => [report({ issuerCode: A, parameters: scope })],
      qualifications: () => [qualification({ scope })],
    },
  });
  const silent: DepartmentSource = {
    ...whole,
    read: (name, requests, call) =>
      name === 'institutions'
        ? Promise.resolve({ status: 'UNAVAILABLE', code: 'SOURCE_TIMEOUT', reason: 'too slow' })
        : whole.read(name, requests, call),
  };
  const verdictOf = (source: DepartmentSource) =>
    verifyReport('BG-1', null, createHubContext(servicesOf([source]), operation().scope, PUBLIC_CALLER));
  expect((await verdictOf(whole)).verdict).toBe('AUTHENTIC');
  expect(await verdictOf(silent)).toMatchObject({
    verdict: 'UNVERIFIABLE',
    report: null,
    checks: expect.arrayContaining([
      { name: 'ISSUER_REGISTERED', passed: null, evidence: expect.stringContaining('too slow'), coverage: null },
    ]),
  });
});
