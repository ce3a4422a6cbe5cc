/** What callers with different rights see of the same hub, its reference departments, replica and index. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PUBLIC_CALLER, type Caller } from '../../schema/access/caller.ts';
import { NO_GROUNDS, type Grounds } from '../../schema/access/grounds.ts';
import { REPORTS } from '../../sources/world/planted/keys.ts';
import { dataOf, nodesOf, PATIENCE_MS, startReplicatedHub, type ReplicatedHub } from '../hub/support.ts';
import { IN_A_CASE, INSPECTOR } from '../support/callers.ts';

const NOW = new Date('2026-03-03T04:00:00Z');
/** In 贵阳, with a penalty that is no longer published. */
const INST_A = '91520115MAYDM00198';
/** In 安顺, with penalties that are. */
const INST_H = '91520402MAYDM0086T';

const POLICE: Caller = { ...INSPECTOR, subject: 'police', departmentId: 'public-security', credentialId: 'p' };
const GUIYANG: Caller = { ...INSPECTOR, subject: 'guiyang', regions: ['5201'], credentialId: 'g' };

let hub: ReplicatedHub;
beforeAll(async () => {
  hub = await startReplicatedHub({ worldSize: 20, clock: { now: () => NOW } });
}, 120_000);
afterAll(() => hub.close());
beforeEach(() => hub.resetCalls());

interface Facts {
  readonly institution: {
    readonly name: string;
    readonly inspections: { readonly edges: readonly { readonly node: { readonly vehicle: object | null } }[] };
    readonly penalties: { readonly edges: readonly { readonly node: { readonly documentNumber: string } }[] };
    readonly coverage: readonly {
      readonly department: { readonly id: string };
      readonly facet: string;
      readonly status: string;
      readonly reason: string | null;
    }[];
  };
}

const FACTS = `query ($code: CreditCode!, $age: Int) {
  institution(creditCode: $code, maxAgeSeconds: $age) {
    name
    inspections(first: 1, filter: { vin: "LDMHCV3B7P0000101" }) { edges { node { vehicle { plate vin } } } }
    penalties { edges { node { documentNumber } } }
    coverage { department { id } facet status reason }
  }
}`;

async function facts(caller: Caller, code = INST_A, age = 0, grounds: Grounds = NO_GROUNDS) {
  const answer = await hub.query<Facts>(FACTS, { code, age }, PATIENCE_MS, caller, grounds);
  const { name, inspections, penalties, coverage } = dataOf(answer).institution;
  return {
    name,
    vehicles: nodesOf(inspections).map(({ vehicle }) => vehicle),
    penalties: nodesOf(penalties).map(({ documentNumber }) => documentNumber),
    statuses: coverage.map(({ department, facet, status }) => `${facet} ${department.id} ${status}`),
    reasons: [...new Set(coverage.flatMap(({ status, reason }) => (status === 'DENIED' ? [reason] : [])))],
  };
}

const MASKED = { plate: '贵A****1', vin: 'LDM************01' };
const CLEAR = { plate: '贵A0T101', vin: 'LDMHCV3B7P0000101' };

describe('the public', () => {
  it('is told of the register and of what is published, and no department is called for the rest', async () => {
    const seen = await facts(PUBLIC_CALLER, INST_H);
    expect(seen).toMatchObject({ name: '安顺示例辛机动车检测有限公司', vehicles: [] });
    expect(seen.penalties.sort()).toEqual(['示交罚〔2025〕73号', '示市监处罚〔2026〕72号']);
    expect(seen.statuses.filter((each) => each.startsWith('INSPECTIONS'))).toEqual([
      'INSPECTIONS market-regulation UNSUPPORTED',
      'INSPECTIONS ecology DENIED',
      'INSPECTIONS transport DENIED',
      'INSPECTIONS public-security DENIED',
    ]);
    expect(seen.reasons).toEqual(['UNAUTHENTICATED: Facts of the class DEPT_SHARED are not public: send credentials.']);
    expect(hub.calls()).toEqual({
      'market-regulation': { institutionsByCode: 1, penaltiesByCode: 1 },
      ecology: { downPunishInfo: 1 },
      transport: { 'SELECT QZ_XZCF': 1 },
      'public-security': {},
    });
  });

  it('is not told of a penalty whose publicity has ended, which departments still see', async () => {
    expect((await facts(PUBLIC_CALLER)).penalties).toEqual([]);
    expect((await facts(INSPECTOR)).penalties).toEqual(['示市监处罚〔2023〕3号']);
  });

  it('verifies reports and looks certificates up, as before', async () => {
    const answer = await hub.query<{
      verifyReport: { verdict: string; report: { signatory: string; institution: { name: string } } };
      certificate: null;
      departments: readonly object[];
    }>(
      `{ verifyReport(number: "${REPORTS.authentic}") { verdict report { signatory institution { name } } checks { name passed } }
         certificate(number: "none") { number } departments { id } }`,
      {},
      PATIENCE_MS,
      PUBLIC_CALLER,
    );
    const { verifyReport, departments } = dataOf(answer);
    expect(verifyReport.verdict).toBe('AUTHENTIC');
    expect(verifyReport.report.signatory).toMatch(/^.\*\*$/);
    expect(departments).toHaveLength(4);
  });

  it('does not learn what departments share from which institutions are found, or in which order', async () => {
    await facts(INSPECTOR, INST_A, 600);
    const list = async (caller: Caller, query: string) => {
      hub.resetCalls();
      const text = `{ institutions(${query}, first: 5, maxAgeSeconds: 86400) { coverage { status } } }`;
      dataOf(await hub.query(text, {}, PATIENCE_MS, caller));
      return hub.calls()['market-regulation']?.['listInstitutions'] ?? 0;
    };
    for (const query of ['filter: { qualification: EXPIRED }', 'orderBy: UPDATED_DESC'])
      expect(await list(PUBLIC_CALLER, query)).toBe(1);
    expect(await list(GUIYANG, 'filter: { qualification: EXPIRED, region: "5203" }')).toBe(1);
    for (const [caller, code] of [
      [PUBLIC_CALLER, 'UNAUTHENTICATED'],
      [GUIYANG, 'FORBIDDEN'],
    ] as const) {
      for (const query of ['orderBy: RISK_DESC', 'filter: { riskClass: [D] }']) {
        const { errors } = await hub.query(`{ institutions(${query}) { totalCount } }`, {}, PATIENCE_MS, caller);
        expect(errors?.map(({ originalError }) => originalError)).toEqual([expect.objectContaining({ code })]);
      }
    }
  });
});

describe('personal data', () => {
  it('is masked by role, live and from the replica alike', async () => {
    for (const age of [0, 86_400]) {
      expect((await facts(INSPECTOR, INST_A, age)).vehicles).toEqual([MASKED]);
      expect((await facts(POLICE, INST_A, age)).vehicles).toEqual([CLEAR]);
      expect((await facts(INSPECTOR, INST_A, age, IN_A_CASE)).vehicles).toEqual([CLEAR]);
      expect((await facts(PUBLIC_CALLER, INST_A, age)).vehicles).toEqual([]);
      await hub.settled();
    }
    const fromReplica = await facts(INSPECTOR, INST_A, 86_400);
    expect(fromReplica.statuses).toContain('INSPECTIONS ecology REPLICA');
  });

  it('stays with its caller when equal questions are one call, and when the plan is one', async () => {
    const asked = [INSPECTOR, POLICE, PUBLIC_CALLER, GUIYANG, INSPECTOR, POLICE, PUBLIC_CALLER];
    const seen = await Promise.all(asked.map((caller) => facts(caller)));
    expect(seen.map(({ vehicles }) => vehicles)).toEqual([[MASKED], [CLEAR], [], [MASKED], [MASKED], [CLEAR], []]);
    expect(seen.map(({ penalties }) => penalties.length)).toEqual([1, 1, 0, 1, 1, 1, 0]);
    // They were under way together: no more calls than one caller would have cost, or not many.
    expect(hub.calls()['ecology']?.['downInspTestingResultInfo']).toBeLessThan(asked.length);
  });
});

describe('staff of a part of the province', () => {
  it('sees there what departments share, and elsewhere what the public sees', async () => {
    expect((await facts(GUIYANG)).vehicles).toEqual([MASKED]);
    hub.resetCalls();
    const elsewhere = await facts(GUIYANG, INST_H);
    expect(elsewhere.reasons).toEqual(['FORBIDDEN: The institution is outside of the divisions of these credentials.']);
    expect(elsewhere.penalties).toHaveLength(2);
    expect(hub.calls()['public-security']).toEqual({});
    expect(hub.calls()['ecology']).toEqual({ downPunishInfo: 1 });
  });
});

describe('a conditional fact', () => {
  const SERIES = `query ($code: CreditCode!) { institution(creditCode: $code, maxAgeSeconds: 0) {
    inspections(first: 1, filter: { departments: ["ecology"] }) { edges { node { ... on VehicleEmissionTest { processSeries { second } } } } }
  } }`;
  const series = (caller: Caller, grounds: Grounds = NO_GROUNDS) =>
    hub.query<{
      institution: { inspections: { edges: readonly { node: { processSeries: readonly object[] | null } }[] } };
    }>(SERIES, { code: INST_A }, PATIENCE_MS, caller, grounds);

  it('is an error without a purpose and a case, and costs no call', async () => {
    for (const grounds of [
      NO_GROUNDS,
      { purpose: 'ENFORCEMENT', caseNumber: null },
      { purpose: null, caseNumber: '1' },
    ] as const) {
      const { data, errors } = await series(INSPECTOR, grounds);
      expect(data.institution.inspections.edges[0]?.node.processSeries).toBeNull();
      expect(errors?.map(({ originalError }) => originalError)).toEqual([
        expect.objectContaining({ code: 'FORBIDDEN' }),
      ]);
    }
    expect(hub.calls()['ecology']?.['downInspProcess']).toBeUndefined();
  });

  it('is shown for a purpose in a case, and to the department whose it is', async () => {
    const ecology: Caller = { ...POLICE, departmentId: 'ecology' };
    for (const answer of [await series(INSPECTOR, IN_A_CASE), await series(ecology)])
      expect(dataOf(answer).institution.inspections.edges[0]?.node.processSeries?.length).toBeGreaterThan(60);
  });
});
