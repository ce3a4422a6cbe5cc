/**
 * The reference upstreams of departments whose address is not set: a child of the process that serves the graph. A worker
 * of its own finds them through the data folder.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Backing } from '../../jobs/backing.ts';
import { readAnnouncement } from '../../jobs/embedded/data-folder.ts';
import { UpstreamsReport } from '../../sources/reference-upstreams.ts';
import { ConfigurationError, type HubConfig } from '../config.ts';
import { startUpstreamProcess } from '../upstream-process.ts';
import type { Closing } from './closing.ts';

export interface StandIns {
  readonly report: UpstreamsReport;
  /** Lets departments answer the hub; nothing happens in a process that does not run them. */
  tell(message: object): void;
}

/** Under which name the report is announced in the data folder. */
const ANNOUNCED = 'upstreams';

/** Gateway and worker are started together, and a gateway that was killed is started again. */
const GATEWAY_STARTS_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 200;

const NOBODY: UpstreamsReport = { environments: {}, addresses: {}, webhooks: {}, controlAddress: '' };

const standInsOf = ({ departments }: HubConfig): readonly string[] =>
  departments.filter((each) => each.usesReferenceUpstream).map((each) => each.definition.department.id);

/** @returns null when every department is the real one */
export async function startStandIns(config: HubConfig, closing: Closing): Promise<StandIns | null> {
  const departmentIds = standInsOf(config);
  if (departmentIds.length === 0) return null;
  const upstreams = await startUpstreamProcess(departmentIds, config.worldSize, (message) =>
    UpstreamsReport.parse(message),
  );
  closing.add(() => upstreams.stop());
  void upstreams.died.then((how) => closing.stop(1, `The reference upstreams have ended (${how}); the hub stops.`));
  return upstreams;
}

/** Tells workers of this data folder where the stand-ins are. */
export async function announceStandIns(backing: Backing, { report }: StandIns): Promise<void> {
  await backing.announce({ [ANNOUNCED]: JSON.stringify(report) });
}

const nobodyStandsIn = ({ departments }: HubConfig): ConfigurationError =>
  new ConfigurationError(
    departments
      .filter((each) => each.usesReferenceUpstream)
      .map(({ definition }) => `${definition.endpointVariable}: must be set for a worker without a hub beside it`),
  );

/**
 * For a worker whose departments are stand-ins: waits until a gateway on the same data folder has told of them, so that the
 * worker does not take the folder for itself.
 * @throws ConfigurationError when no gateway starts
 */
export async function awaitStandIns(config: HubConfig): Promise<void> {
  const { dataFolder, mongodbUri, redisUrl } = config;
  if (standInsOf(config).length === 0 || (mongodbUri !== null && redisUrl !== null)) return;
  const giveUpAt = Date.now() + GATEWAY_STARTS_WITHIN_MS;
  while ((await readAnnouncement(dataFolder))?.[ANNOUNCED] === undefined) {
    if (Date.now() > giveUpAt) throw nobodyStandsIn(config);
    await delay(LOOK_EVERY_MS);
  }
}

const Announced = z.string().transform((text, context) => {
  const report = UpstreamsReport.safeParse(JSON.parse(text));
  if (report.success) return report.data;
  context.addIssue({ code: 'custom', message: 'is no report of reference upstreams' });
  return z.NEVER;
});

/**
 * Where the stand-ins of a hub that already runs are.
 * @throws ConfigurationError when there are none, and departments are without an address
 */
export function findStandIns(config: HubConfig, backing: Backing): UpstreamsReport {
  const missing = standInsOf(config);
  if (missing.length === 0) return NOBODY;
  const announced = Announced.safeParse(backing.announced[ANNOUNCED]);
  if (announced.success) return announced.data;
  throw nobodyStandsIn(config);
}
