/**
 * The reference upstreams of one or more departments over one world. As a program (a child process of the hub):
 * `node reference-upstreams.js <world size> <department id>...`; it reports over IPC where they are, hears where the hub
 * listens, and ends with its parent.
 */
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { SourceDefinition } from './kit/define-source.ts';
import { discoverSources } from './kit/registry.ts';
import { startControlServer } from './kit/upstream/control-server.ts';
import type { ReferenceUpstream } from './kit/upstream/reference-upstream.ts';
import { buildWorld } from './world/build-world.ts';

/** What the child tells its parent once. */
export const UpstreamsReport = z.object({
  /** The hub's settings per department id: endpoint and credentials. */
  environments: z.record(z.string(), z.record(z.string(), z.string())),
  /** Where each department listens. */
  addresses: z.record(z.string(), z.string()),
  /** Where departments without a protocol of their own for notices take them, by department id. */
  webhooks: z.record(z.string(), z.object({ url: z.url(), secret: z.string() })),
  /** Where faults are switched on and calls are counted. */
  controlAddress: z.string(),
});
export type UpstreamsReport = z.infer<typeof UpstreamsReport>;

/** What the parent tells its child once the hub listens, and again when something in it has changed. */
export const HubAnnouncement = z.object({
  graphUrl: z.url(),
  /** API key of each department, by its id. */
  tokens: z.record(z.string(), z.string()),
});
export type HubAnnouncement = z.infer<typeof HubAnnouncement>;

export interface RunningUpstreams {
  readonly report: UpstreamsReport;
  readonly upstreams: readonly ReferenceUpstream[];
  /** Departments that answer notices by mutation do so from now on. */
  connectToHub(announcement: HubAnnouncement): void;
  close(): Promise<void>;
}

/**
 * Starts the reference upstreams of these departments on free ports of the loopback interface.
 * @param worldSize generated institutions besides the fixed ones
 */
export async function startReferenceUpstreams(
  definitions: readonly SourceDefinition[],
  worldSize: number,
): Promise<RunningUpstreams> {
  const world = buildWorld({ size: worldSize });
  const upstreams = await Promise.all(definitions.map((definition) => definition.startUpstream(world, {})));
  const control = await startControlServer(upstreams);
  return {
    upstreams,
    report: {
      environments: Object.fromEntries(upstreams.map((each) => [each.departmentId, { ...each.environment }])),
      addresses: Object.fromEntries(upstreams.map((each) => [each.departmentId, each.address])),
      webhooks: Object.fromEntries(
        upstreams.flatMap(({ departmentId, webhook }) => (webhook === undefined ? [] : [[departmentId, webhook]])),
      ),
      controlAddress: control.address,
    },
    connectToHub({ graphUrl, tokens }) {
      for (const upstream of upstreams) {
        const token = tokens[upstream.departmentId];
        if (token !== undefined) upstream.connectToHub?.({ graphUrl, token });
      }
    },
    async close() {
      await Promise.all([control.close(), ...upstreams.map((each) => each.close())]);
    },
  };
}

const Arguments = z.tuple([z.coerce.number().int().nonnegative()], z.string());

async function main(): Promise<void> {
  const [worldSize, ...departmentIds] = Arguments.parse(process.argv.slice(2));
  // A terminal sends Ctrl-C to parent and child; the child ends when the parent is done with it.
  process.on('SIGINT', () => undefined);
  const gone = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('disconnect', resolve);
  });
  const definitions = await discoverSources();
  const running = await startReferenceUpstreams(
    definitions.filter(({ department }) => departmentIds.includes(department.id)),
    worldSize,
  );
  process.on('message', (message) => running.connectToHub(HubAnnouncement.parse(message)));
  process.send?.(running.report);
  await gone;
  await running.close();
  process.exit(0);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
