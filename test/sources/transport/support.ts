/** The transport department on each engine there is: PGlite always, real servers where the environment names them. */
import type {
  InspectionRequest,
  RecordSet,
  ReportRequest,
  SourceAnswer,
  SubjectReference,
} from '../../../schema/ports.ts';
import { guardSource } from '../../../sources/kit/guard-source.ts';
import { openExchangeDatabase } from '../../../sources/kit/mesh-handlers/exchange-database/open-database.ts';
import type { Engine } from '../../../sources/kit/mesh-handlers/exchange-database/statement.ts';
import { loadMeshSources } from '../../../sources/kit/mesh.ts';
import transport from '../../../sources/transport/index.ts';
import { fillExchangeDatabase } from '../../../sources/transport/upstream/fill.ts';
import { roadVisits } from '../../../sources/transport/upstream/test-rows.ts';
import { buildWorld } from '../../../sources/world/build-world.ts';
import type { World, WorldInstitution, WorldVisit } from '../../../sources/world/types.ts';
import { startSource, type SourceUnderTest } from '../../support/source-under-test.ts';
import { sqlServers } from '../../support/sql-servers.ts';

export type Department = Omit<SourceUnderTest, 'upstream'>;

const WORLD_SIZE = 120;

async function startOnServer(url: string, dialect: Engine): Promise<Department> {
  const world = buildWorld({ size: WORLD_SIZE });
  const loader = openExchangeDatabase({ url, poolSize: 1, timeoutMs: 60_000 });
  await fillExchangeDatabase(loader.database, dialect, world);
  await loader.close();
  return { world, ...(await startWith(url)) };
}

/** The hub's side alone, on a database that runs already. */
export async function startWith(url: string): Promise<Pick<Department, 'source' | 'close'>> {
  const setup = transport.create({ TRANSPORT_DATABASE_URL: url, TRANSPORT_TIMEOUT_MS: '5000' });
  const mesh = await loadMeshSources();
  return {
    source: guardSource(transport, setup, mesh),
    async close() {
      mesh.close();
      await setup.close();
    },
  };
}

const { postgres, mysql } = sqlServers();

/** Name and start of each engine that is available here. */
export const ENGINES: readonly (readonly [string, () => Promise<Department>])[] = [
  ['PGlite', () => startSource(transport, { worldSize: WORLD_SIZE, environment: { TRANSPORT_TIMEOUT_MS: '5000' } })],
  ...(postgres === undefined ? [] : [['PostgreSQL', () => startOnServer(postgres, 'postgres')] as const]),
  ...(mysql === undefined ? [] : [['MySQL or MariaDB', () => startOnServer(mysql, 'mysql')] as const]),
];

export const stationsOf = (world: World): WorldInstitution[] =>
  world.institutions.filter(({ localNumbers }) => localNumbers.transport !== null);

export const subject = ({ creditCode }: WorldInstitution): SubjectReference => ({ creditCode, localIds: [] });

export const inspectionsOf = (
  institution: WorldInstitution,
  wanted: Partial<InspectionRequest> = {},
): InspectionRequest => ({
  ...subject(institution),
  from: null,
  to: null,
  vin: null,
  limit: 1_000,
  ...wanted,
});

export const reportsOf = (institution: WorldInstitution, wanted: Partial<ReportRequest> = {}): ReportRequest => ({
  ...subject(institution),
  from: null,
  to: null,
  number: null,
  limit: 1_000,
  ...wanted,
});

export function live<T>(answer: SourceAnswer<T>): readonly RecordSet<T>[] {
  if (answer.status !== 'LIVE') throw new Error(JSON.stringify(answer));
  return answer.sets;
}

/** What the department's clock showed at a test, to the second. */
export function shownAt(visit: WorldVisit): Date {
  const at = visit.road?.testedAt.getTime() ?? 0;
  return new Date(Math.floor(at / 1000 + visit.clockOffsetSeconds.transport) * 1000);
}

/** The tests that count, newest first as the department dates them. */
export function testsOf(world: World, institution: WorldInstitution) {
  return roadVisits(world.visitsOf(institution))
    .map((visit) => ({ visit, road: visit.road, startedAt: shownAt(visit) }))
    .sort((left, right) => right.startedAt.getTime() - left.startedAt.getTime());
}

/** The nth of a list that is long enough. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`there is no item ${index}`);
  return item;
}
