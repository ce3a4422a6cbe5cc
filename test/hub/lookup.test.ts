/** Looking up by a number or a code: institutions, reports, certificates, departments. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CERTIFICATES, REPORTS } from '../../sources/world/planted/keys.ts';
import { SPECIAL_INDEXES } from '../../sources/world/special-indexes.ts';
import type { DepartmentName } from '../support/hub.ts';
import {
  codeOf,
  dataOf,
  errorsOf,
  institutionAt,
  nodesOf,
  PATIENCE_MS,
  present,
  subjectOf,
  useHub,
  type Connection,
} from './support.ts';

const hub = useHub({ worldSize: 24, patienceMs: PATIENCE_MS, guard: { failuresToOpen: 1_000 } });

const ask = <T>(text: string, variables: Record<string, unknown> = {}) => hub().query<T>(text, variables, PATIENCE_MS);

const NO_CALLS = { 'market-regulation': {}, ecology: {}, transport: {}, 'public-security': {} };

describe('an institution by its credit code', () => {
  const NAME = 'query ($code: CreditCode!) { institution(creditCode: $code) { name } }';

  it('that the register does not know is null, without an error', async () => {
    expect(dataOf(await ask(NAME, { code: '9152000071430580XT' }))).toEqual({ institution: null });
  });

  it.each(['91520115mayDM00198', '9152 0115 MAYDM00198', '91520115MAYDM0019-8', '９１520115MAYDM00198'])(
    'is found under another spelling of it: %s',
    async (code) => {
      expect(dataOf(await ask(NAME, { code }))).toEqual({ institution: { name: '贵州示例甲机动车检测有限公司' } });
    },
  );

  describe('that is wrong is refused before anybody is asked', () => {
    beforeEach(() => hub().resetCalls());
    afterEach(() => expect(hub().calls()).toEqual(NO_CALLS));

    const WRONG: readonly (readonly [what: string, code: string, position: number])[] = [
      ['check character', '91520115MAYDM00199', 18],
      ['organisation code', '91520115MAYDM00188', 17],
      ['letter that is not used', '91520115MAYDI00198', 13],
    ];

    it.each(WRONG)('as a variable: %s', async (_, code, position) => {
      const answer = await ask(NAME, { code });
      expect(answer.data).toBeUndefined();
      expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'INPUT_INVALID', position } }]);
    });

    it.each(WRONG)('as a literal: %s', async (_, code, position) => {
      const answer = await ask(`{ institution(creditCode: "${code}") { name } }`);
      expect(answer.data ?? null).toBeNull();
      expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'INPUT_INVALID', position } }]);
    });

    it('also when it is too short, and the code is not repeated in the message', async () => {
      const [error] = errorsOf(await ask(NAME, { code: '91520115MAYDM0019' }));
      expect(error).toMatchObject({ extensions: { code: 'INPUT_INVALID' } });
      expect(error?.message).not.toContain('91520115MAYDM0019');
    });
  });

  it('whose check character is wrong can be read once the register has confirmed it', async () => {
    const { creditCode, name } = institutionAt(hub().world, SPECIAL_INDEXES.registryConfirmed);
    expect(errorsOf(await ask(NAME, { code: creditCode }))).toMatchObject([{ extensions: { code: 'INPUT_INVALID' } }]);

    const LIST = 'query ($text: String!) { institutions(filter: { text: $text }) { edges { node { creditCode } } } }';
    type Listed = { institutions: Connection<{ creditCode: string }> };
    const { institutions } = dataOf(await ask<Listed>(LIST, { text: name }));
    expect(nodesOf(institutions)).toEqual([{ creditCode }]);

    expect(dataOf(await ask(NAME, { code: creditCode }))).toEqual({ institution: { name } });
  });
});

describe('a report by its number', () => {
  const VERIFY = `
    query ($number: String!, $issuer: CreditCode) {
      verifyReport(number: $number, issuer: $issuer) {
        verdict
        report { number issuedOn conclusion signatory institution { creditCode } }
        checks { name passed evidence coverage { department { id } status reason } }
      }
    }`;
  interface Check {
    readonly name: string;
    readonly passed: boolean | null;
    readonly evidence: string;
    readonly coverage: { readonly department: { id: string }; readonly status: string; readonly reason: string } | null;
  }
  interface Verified {
    readonly verifyReport: {
      readonly verdict: string;
      readonly report: { readonly institution: { readonly creditCode: string } } | null;
      readonly checks: readonly Check[];
    };
  }

  async function verify(number: string, issuer: string | null = null): Promise<Verified['verifyReport']> {
    return dataOf(await ask<Verified>(VERIFY, { number, issuer })).verifyReport;
  }
  /** "REGISTERED yes", "IN_SCOPE no", "CONSISTENT ?" */
  const inShort = (checks: readonly Check[]): string[] =>
    checks.map(({ name, passed }) => `${name} ${passed === null ? '?' : passed ? 'yes' : 'no'}`);
  const while_ = (department: DepartmentName, run: () => Promise<Verified['verifyReport']>) =>
    hub().during(department, { kind: 'down' }, run);

  it('that is genuine is AUTHENTIC, and every check says what it rests on', async () => {
    const { verdict, report, checks } = await verify(REPORTS.authentic);
    expect(verdict).toBe('AUTHENTIC');
    expect(report).toEqual({
      number: REPORTS.authentic,
      issuedOn: '2026-03-02',
      conclusion: 'PASS',
      signatory: '示**',
      institution: { creditCode: codeOf('INST-A') },
    });
    expect(checks).toMatchObject([
      { name: 'REGISTERED', passed: true, evidence: 'on the register of market-regulation' },
      { name: 'ISSUER_MATCHES', passed: true, evidence: 'one institution uses this number' },
      { name: 'CONSISTENT', passed: true, evidence: '2 rows agree' },
      { name: 'ISSUER_QUALIFIED', passed: true, evidence: 'CMA 232405340017 was VALID on 2026-03-02' },
      { name: 'IN_SCOPE', passed: true, evidence: '1 of 1 parameters in scope' },
    ]);
    expect(await verify(REPORTS.authentic, codeOf('INST-A'))).toMatchObject({ verdict: 'AUTHENTIC' });
  });

  it('that an institution in good standing issued is AUTHENTIC, whatever it tested', async () => {
    const { world } = hub();
    const special: readonly number[] = Object.values(SPECIAL_INDEXES).flat();
    const reports = world.institutions
      .filter(({ index }) => index > 8 && !special.includes(index))
      .flatMap((institution) => world.reportsOf(institution).slice(0, 3))
      .concat(world.reportsOf(subjectOf(world, 'INST-C')).slice(-3));
    expect(reports.length).toBeGreaterThan(30);
    const verdicts = await Promise.all(
      reports.map(async ({ number }) => `${number} ${(await verify(number)).verdict}`),
    );
    expect(verdicts).toEqual(reports.map(({ number }) => `${number} AUTHENTIC`));
  });

  it('is found in full-width digits and with blanks around it', async () => {
    const { verdict } = await verify(` ${REPORTS.authentic.replace('520115', '５２０１１５')} `);
    expect(verdict).toBe('AUTHENTIC');
  });

  it('that nobody issued is NOT_FOUND, because every register was asked', async () => {
    expect(await verify(REPORTS.unknown)).toEqual({
      verdict: 'NOT_FOUND',
      report: null,
      checks: [{ name: 'REGISTERED', passed: false, evidence: 'on no register', coverage: null }],
    });
  });

  describe('is a MISMATCH', () => {
    it('when two institutions use the number and nobody says which is meant', async () => {
      const { verdict, report, checks } = await verify(REPORTS.borrowed);
      expect({ verdict, report }).toEqual({ verdict: 'MISMATCH', report: null });
      expect(inShort(checks)).toEqual(['REGISTERED yes', 'ISSUER_MATCHES no']);
      expect(checks[1]?.evidence).toBe('2 institutions use this number; name the issuer');
    });

    it('when it is registered for another institution than claimed', async () => {
      const { verdict, checks } = await verify(REPORTS.authentic, codeOf('INST-B'));
      expect(verdict).toBe('MISMATCH');
      expect(inShort(checks)).toEqual(['REGISTERED yes', 'ISSUER_MATCHES no']);
    });

    it('when one register has it as passed and the other as failed', async () => {
      const { verdict, checks } = await verify(REPORTS.registersDisagree);
      expect(verdict).toBe('MISMATCH');
      expect(inShort(checks).slice(0, 3)).toEqual(['REGISTERED yes', 'ISSUER_MATCHES yes', 'CONSISTENT no']);
    });

    it('when one register has it twice with different content', async () => {
      const { verdict, checks } = await verify(REPORTS.duplicated);
      expect(verdict).toBe('MISMATCH');
      expect(inShort(checks)).toContain('CONSISTENT no');
    });
  });

  it('that two institutions use is told apart by the issuer it names', async () => {
    const [ofA, ofH] = [
      await verify(REPORTS.borrowed, codeOf('INST-A')),
      await verify(REPORTS.borrowed, codeOf('INST-H')),
    ];
    expect(ofA).toMatchObject({ verdict: 'AUTHENTIC', report: { institution: { creditCode: codeOf('INST-A') } } });
    expect(ofH).toMatchObject({
      verdict: 'ISSUER_UNQUALIFIED',
      report: { institution: { creditCode: codeOf('INST-H') } },
    });
  });

  it('is ISSUER_UNQUALIFIED when the certificate had ended', async () => {
    const { verdict, checks } = await verify(REPORTS.afterExpiry);
    expect(verdict).toBe('ISSUER_UNQUALIFIED');
    expect(checks.at(-1)).toMatchObject({
      name: 'ISSUER_QUALIFIED',
      passed: false,
      evidence: 'CMA 192417340006 was EXPIRED on 2026-01-15',
    });
  });

  it('is ISSUER_UNQUALIFIED when the issuer was under rectification', async () => {
    const reports = hub().world.reportsOf(subjectOf(hub().world, 'INST-B'));
    const { number } = present(reports.find(({ issuedOn }) => issuedOn === '2026-03-12'));
    const { verdict, checks } = await verify(number);
    expect(verdict).toBe('ISSUER_UNQUALIFIED');
    expect(checks.at(-1)?.evidence).toContain('CMA 222405340202 was RECTIFYING on 2026-03-12');
  });

  it.each([
    ['was never in the scope', REPORTS.outOfScope, '二噁英类 by HJ 77.2-2008'],
    ['was in the scope before it was corrected', REPORTS.outsideRenewedScope, '农药残留 by GB 23200.121-2021'],
  ])('is OUT_OF_SCOPE when what it tested %s', async (_, number, what) => {
    const { verdict, checks } = await verify(number);
    expect(verdict).toBe('OUT_OF_SCOPE');
    expect(checks.at(-1)).toMatchObject({ name: 'IN_SCOPE', passed: false, evidence: expect.stringContaining(what) });
  });

  describe('is UNVERIFIABLE', () => {
    it('when it is on no register that answered and one did not', async () => {
      const { verdict, checks } = await while_('ecology', () => verify(REPORTS.unknown));
      expect(verdict).toBe('UNVERIFIABLE');
      expect(checks).toMatchObject([
        {
          name: 'REGISTERED',
          passed: null,
          coverage: {
            department: { id: 'ecology' },
            status: 'UNAVAILABLE',
            reason: expect.stringMatching(/^SOURCE_UNAVAILABLE/),
          },
        },
      ]);
    });

    it.each([REPORTS.authentic, REPORTS.registersDisagree])(
      'when a register that may hold it with another content did not answer: %s',
      async (number) => {
        const { verdict, report, checks } = await while_('ecology', () => verify(number));
        expect(verdict).toBe('UNVERIFIABLE');
        expect(report).toMatchObject({ conclusion: 'PASS' });
        expect(checks.find(({ name }) => name === 'CONSISTENT')).toMatchObject({
          passed: null,
          coverage: { department: { id: 'ecology' }, status: 'UNAVAILABLE' },
        });
      },
    );

    it('when the register of qualifications did not answer', async () => {
      const c = subjectOf(hub().world, 'INST-C');
      const [genuine] = hub().world.laboratoryTestsOf(c).slice(-1);
      const { verdict, checks } = await while_('market-regulation', () => verify(present(genuine).reportNumber));
      expect(verdict).toBe('UNVERIFIABLE');
      expect(checks.find(({ name }) => name === 'ISSUER_QUALIFIED')).toMatchObject({
        passed: null,
        coverage: { department: { id: 'market-regulation' }, status: 'UNAVAILABLE' },
      });
    });
  });
});

describe('a certificate by its number', () => {
  const CERTIFICATE = `
    query ($number: String!) {
      certificate(number: $number) {
        scheme number status holderName validTo issuer { creditCode name } provenance { department { id } }
      }
    }`;

  it('is shown with its holder and its issuer', async () => {
    expect(dataOf(await ask(CERTIFICATE, { number: CERTIFICATES.valid }))).toMatchObject({
      certificate: {
        number: CERTIFICATES.valid,
        status: 'VALID',
        holderName: '黔东南示例壬运输有限公司',
        issuer: { creditCode: codeOf('INST-D'), name: '贵州示例丁认证有限公司' },
        provenance: { department: { id: 'market-regulation' } },
      },
    });
  });

  it.each([
    [CERTIFICATES.suspended, 'SUSPENDED'],
    [CERTIFICATES.revoked, 'REVOKED'],
    [CERTIFICATES.cccSuspended, 'SUSPENDED'],
    [CERTIFICATES.cmaOfA, 'VALID'],
  ])('%s is %s', async (number, status) => {
    expect(dataOf(await ask(CERTIFICATE, { number }))).toMatchObject({ certificate: { number, status } });
  });

  it('that nobody issued is null, without an error', async () => {
    expect(dataOf(await ask(CERTIFICATE, { number: '10399Q0000991R0M' }))).toEqual({ certificate: null });
  });

  it('is an error and not null while the department that keeps certificates is silent', async () => {
    const answer = await hub().during('market-regulation', { kind: 'down' }, () =>
      ask(CERTIFICATE, { number: '10399Q0000991R0M' }),
    );
    expect(answer.data).toEqual({ certificate: null });
    expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'SOURCE_UNAVAILABLE' } }]);
  });
});

describe('the departments', () => {
  it('are listed by code with what they hold and how they do', async () => {
    const { departments } = dataOf(
      await ask<{ departments: unknown }>(
        '{ departments { id code name nameZh facets health { state circuit lastSuccessAt watermarks { facet } } } }',
      ),
    );
    const health = { state: 'UP', circuit: 'CLOSED', lastSuccessAt: expect.stringContaining('+08:00'), watermarks: [] };
    expect(departments).toMatchObject([
      { id: 'market-regulation', code: '01', nameZh: '市场监管', facets: expect.arrayContaining(['LIST_ENTRIES']) },
      { id: 'ecology', code: '02', facets: expect.arrayContaining(['FACILITIES', 'INSPECTIONS', 'REPORTS']) },
      { id: 'transport', code: '03', facets: expect.arrayContaining(['INSPECTIONS', 'PENALTIES']) },
      { id: 'public-security', code: '04', health, facets: expect.arrayContaining(['FACILITIES', 'INSPECTIONS']) },
    ]);
  });

  it('are told without asking any of them', async () => {
    hub().resetCalls();
    await ask('{ departments { id health { state } } }');
    expect(hub().calls()).toEqual(NO_CALLS);
  });
});
