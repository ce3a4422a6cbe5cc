import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { createHubContext } from '../../../schema/context.ts';
import { HubError } from '../../../schema/errors.ts';
import type { DirectoryEntry } from '../../../schema/ports.ts';
import type { InstitutionRecord, ReportRecord } from '../../../schema/records.ts';
import { issuerOf } from '../../../schema/verification/issuer-of.ts';
import { ANSWERED_AT, fakeDepartment, operation, servicesOf } from '../support/fake-departments.ts';
import { A, B, institution, NAME_OF_A, report, station } from '../support/records.ts';
import { INSPECTOR } from '../../support/callers.ts';

const OF_STATION_7: Partial<ReportRecord> = { issuerCode: null, issuerLocalId: '7' };

/** Ecology's register names its station 7; the register of institutions finds those whose text fits. */
async function issuer(
  facts: Partial<ReportRecord>,
  entry: DirectoryEntry | null,
  find: (text: string) => readonly InstitutionRecord[],
) {
  const ecology = fakeDepartment('ecology', { directory: entry === null ? [] : [entry] });
  const register = {
    ...fakeDepartment('market-regulation'),
    listInstitutions: ({ text }: { text: string | null }) =>
      Promise.resolve({
        asOf: ANSWERED_AT,
        rows: find(text ?? '').map((each, index) => ({ cursor: String(index), institution: each })),
        hasNextPage: false,
        totalCount: null,
        malformed: [],
      }),
  };
  const services = servicesOf([register, ecology]);
  services.identity.start();
  await services.identity.settled();
  services.identity.stop();
  return issuerOf(report(facts, 'ecology'), createHubContext(services, operation().scope, INSPECTOR));
}

const byName = (...names: string[]) =>
  names.map((name, index) => institution('market-regulation', { creditCode: index === 0 ? A : B, name }));

describe('the issuer of a report', () => {
  it('is whom the row names', async () => {
    expect(await issuer({ issuerCode: B }, null, () => [])).toBe(B);
  });

  it('is the holder of the credit code that the department’s directory has for its number', async () => {
    expect(await issuer(OF_STATION_7, station('7', { creditCode: B }), () => [])).toBe(B);
  });

  it('is the only institution of the register with the station’s CMA number', async () => {
    const entry = station('7', { cmaNumbers: ['232405340017'], name: '旧名' });
    expect(await issuer(OF_STATION_7, entry, (text) => (text === '232405340017' ? byName(NAME_OF_A) : []))).toBe(A);
  });

  it('is the only institution of the register with the station’s name, its legal form aside', async () => {
    expect(await issuer(OF_STATION_7, station('7'), () => byName(NAME_OF_A))).toBe(A);
    expect(await issuer(OF_STATION_7, station('7', { name: '贵州示例甲机动车检测' }), () => byName(NAME_OF_A))).toBe(A);
  });

  it.each<[string, DirectoryEntry | null, readonly InstitutionRecord[]]>([
    ['the directory does not know the number', null, byName(NAME_OF_A)],
    ['the register knows nobody of that name', station('7'), []],
    ['several institutions fit', station('7'), byName(NAME_OF_A, NAME_OF_A)],
    ['the only institution found just contains the name', station('7', { name: '示例甲' }), byName(NAME_OF_A)],
  ])('cannot be told when %s', async (_, entry, found) => {
    expect(await issuer(OF_STATION_7, entry, () => found)).toBeNull();
  });

  it('cannot be told while the register is silent', async () => {
    const silent = () => {
      throw new HubError('SOURCE_TIMEOUT', 'too slow');
    };
    expect(await issuer(OF_STATION_7, station('7'), silent)).toBeNull();
  });

  it('cannot be told of a row that names nobody', async () => {
    expect(await issuer({ issuerCode: null, issuerLocalId: null }, station('7'), () => byName(NAME_OF_A))).toBeNull();
  });
});
