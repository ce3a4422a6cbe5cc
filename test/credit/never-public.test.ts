/** Nothing of the credit side is shown to the public: every door to it is known here, and none opens. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getNamedType, isObjectType, type GraphQLSchema } from 'graphql';
import { PUBLIC_CALLER } from '../../schema/access/caller.ts';
import { buildHubSchema } from '../../schema/build-schema.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { feedOf } from '../../schema/replica/facts.ts';
import { codeOf, dataOf, errorsOf, inWords, type CoverageSeen } from '../hub/support.ts';
import { staff, startCreditHub, type CreditHub } from './support.ts';

const CODE = codeOf('INST-B');
const REPAIR = `{ creditCode: "${CODE}", obligationsMet: true, committed: true, statement: "x", penaltyDocumentNumber: "y" }`;
const FALSE = `{ creditCode: "${CODE}", reportNumber: "PF-0001", confirmedOn: "2026-03-01", subject: "x" }`;
/** Every field that leads from elsewhere to what the hub computes or decides of credit, with an operation that takes it. */
const DOORS: Readonly<Record<string, string>> = {
  'Institution.credit': `{ institution(creditCode: "${CODE}") { credit { riskClass } } }`,
  'Query.creditEvents': '{ creditEvents { edges { cursor } } }',
  'Query.repairs': '{ repairs { edges { cursor } } }',
  'Query.thresholdCases': '{ thresholdCases { edges { cursor } } }',
  'Mutation.acceptRepair': 'mutation { acceptRepair(id: "x") { id } }',
  'Mutation.applyRepair': `mutation { applyRepair(input: ${REPAIR}) { id } }`,
  'Mutation.confirmRepair': 'mutation { confirmRepair(id: "x") { id } }',
  'Mutation.decideRepair': 'mutation { decideRepair(id: "x", approve: true, reason: "x") { id } }',
  'Mutation.decideThreshold': 'mutation { decideThreshold(id: "x", proceed: true, reason: "x") { id } }',
  'Mutation.extendRepair': 'mutation { extendRepair(id: "x", reason: "x") { id } }',
  'Mutation.resendRepair': 'mutation { resendRepair(id: "x", department: "ecology", reason: "x") { id } }',
};
/** Doors that give or take no type of the credit side, but what it knows. */
const OTHERS: Readonly<Record<string, string>> = {
  confirmFalseReport: `mutation { confirmFalseReport(input: ${FALSE}) }`,
  withdrawFalseReport: 'mutation { withdrawFalseReport(id: "x", reason: "x") }',
  'the order RISK_DESC': '{ institutions(orderBy: RISK_DESC) { edges { cursor } } }',
  'the filter riskClass': '{ institutions(filter: { riskClass: [D], region: "5202" }) { edges { cursor } } }',
};
const OWN = /^(CreditProfile|RiskFactor|SeriousThreshold|ThresholdCase|CreditEvent|RepairApplication|RepairHolder)/;

let schema: GraphQLSchema;
let hub: CreditHub;
beforeAll(async () => {
  schema = await buildHubSchema();
  hub = await startCreditHub(0);
  await hub.follow();
}, 120_000);
afterAll(() => hub.close());

describe('the public', () => {
  it('could come to the credit side by these doors only', () => {
    const doors = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) && !OWN.test(type.name)
        ? Object.values(type.getFields())
            .filter((field) => OWN.test(getNamedType(field.type).name) || getNamedType(field.type).name === 'RiskClass')
            .map((field) => `${type.name}.${field.name}`)
        : [],
    );
    expect(doors.sort()).toEqual(Object.keys(DOORS).sort());
  });

  it.each(Object.entries({ ...DOORS, ...OTHERS }))('is not let in by %s', async (_door, operation) => {
    const answer = await hub.query(operation, {}, 15_000, PUBLIC_CALLER);
    expect(errorsOf(answer)).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('a measure', () => {
  it('has no risk class or score for a ground: whoever makes notices, checks measures or drafts them knows of none', () => {
    const folders = ['schema/notice', 'schema/measure', 'jobs/notice'].map((folder) => join(projectRoot, folder));
    const files = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) =>
        name.endsWith('.ts') ? [join(folder, name)] : [],
      ),
    );
    expect(files.length).toBeGreaterThan(20);
    const drafting = join(projectRoot, 'schema/credit/threshold-case.ts');
    const knowing = [...files, drafting].filter((file) =>
      /risk(Class|Score|Model)|CreditProfiles/.test(readFileSync(file, 'utf8')),
    );
    expect(knowing).toEqual([]);
  });
});

describe('a department that answers no more', () => {
  it('is shown as such, and is neither good nor bad conduct', async () => {
    const ask = async () => {
      const text = `{ institution(creditCode: "${CODE}") { credit { riskScore factors { id points }
        coverage { department { id } facet status reason } } } }`;
      const shown = await hub.query<{ institution: { credit: { coverage: CoverageSeen[] } & object } }>(
        text,
        {},
        15_000,
        staff(),
      );
      return dataOf(shown).institution.credit;
    };
    const { coverage: before, ...profile } = await ask();
    expect(inWords(before)).toContain('ecology PENALTIES REPLICA');
    await hub.replica.states.noteFailure(feedOf('ecology', 'penalties'), hub.time, 'SOURCE_TIMEOUT');
    await hub.replica.summarise('ecology', 'penalties', hub.time, false);
    await hub.project();
    const { coverage: after, ...same } = await ask();
    expect(same).toEqual(profile);
    expect(inWords(after)).toContain('ecology PENALTIES STALE');
    expect(after.find(({ reason }) => reason?.startsWith('SOURCE_TIMEOUT'))).toBeDefined();
  });
});
