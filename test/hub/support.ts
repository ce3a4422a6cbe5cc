/** What the tests of the whole hub share: the hub of a file, its subjects, and answers that must have come. */
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { GraphQLFormattedError } from 'graphql';
import type { Caller } from '../../schema/access/caller.ts';
import { formatError } from '../../gateway/plugins/errors.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { SUBJECTS, type SubjectKey } from '../../sources/world/subjects.ts';
import type { World, WorldInstitution } from '../../sources/world/types.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { startHub, type Answer, type DepartmentName, type HubOptions, type HubUnderTest } from '../support/hub.ts';

export const DEPARTMENTS: readonly DepartmentName[] = ['market-regulation', 'ecology', 'transport', 'public-security'];

/** For tests that are not about time: a machine with other work to do must not make them fail. */
export const PATIENCE_MS = 15_000;

const START_MS = 120_000;

/**
 * One hub for all tests of a file; it is closed after them.
 * @returns the hub; throws when it did not start
 */
export function useHub(options: HubOptions = {}, startMs = START_MS): () => HubUnderTest {
  let hub: HubUnderTest | null = null;
  beforeAll(async () => {
    hub = await startHub(options);
  }, startMs);
  afterAll(async () => {
    await hub?.close();
  });
  return () => {
    if (hub === null) throw new Error('the hub did not start');
    return hub;
  };
}

/** Sees also what is public no more. */
export const STAFF: Caller = {
  ...{ subject: 'enforcer', departmentId: null, roles: ['PUBLIC', 'ENFORCER'], regions: ['52'], credentialId: 'k1' },
};

export interface ReplicatedHub extends HubUnderTest {
  readonly replica: Replica;
}

/** A hub with a replica, in a store of its own that ends with it. Departments may fail as often as a test wants. */
export async function startReplicatedHub(
  options: HubOptions,
  store: StoreUnderTest | null = null,
): Promise<ReplicatedHub> {
  return await replicatedIn(store ?? (await openStore()), options);
}

async function replicatedIn(store: StoreUnderTest, options: HubOptions): Promise<ReplicatedHub> {
  const replica = new Replica(store.connection);
  await replica.open();
  const hub = await startHub({ patienceMs: PATIENCE_MS, guard: { failuresToOpen: 1_000 }, ...options, replica });
  return {
    ...hub,
    replica,
    async close() {
      await hub.close();
      await store.close();
    },
  };
}

/** The data of an answer without errors. */
export function dataOf<T>({ data, errors }: Answer<T>): T {
  expect(errors).toBeUndefined();
  return data;
}

/** The errors of an answer as callers see them. */
export function errorsOf({ errors }: Answer<unknown>): GraphQLFormattedError[] {
  return (errors ?? []).map((error) => formatError(error.toJSON(), error));
}

export function codeOf(key: SubjectKey): string {
  return present(SUBJECTS.find((subject) => subject.key === key)).creditCode;
}

export function subjectOf(world: World, key: SubjectKey): WorldInstitution {
  return present(world.byCreditCode(codeOf(key)));
}

export function institutionAt(world: World, index: number): WorldInstitution {
  return present(world.institutions[index]);
}

/** What must exist. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('expected a value');
  return value;
}

export interface Connection<N> {
  readonly totalCount: number | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly node: N }[];
}

export function nodesOf<N>({ edges }: Pick<Connection<N>, 'edges'>): N[] {
  return edges.map(({ node }) => node);
}

export interface CoverageSeen {
  readonly department: { readonly id: string };
  readonly facet: string;
  readonly status: string;
  readonly reason: string | null;
}

/** "ecology INSPECTIONS LIVE", in the order of the answer. */
export function inWords(coverage: readonly CoverageSeen[]): string[] {
  return coverage.map(({ department, facet, status }) => `${department.id} ${facet} ${status}`);
}
