/** `hub doctor`: looks at everything that the hub needs, and prints what it finds. */
import { openBacking } from '../../jobs/backing.ts';
import { examine } from '../../jobs/commands/doctor.ts';
import { openQueueBackend } from '../../jobs/queue/queue-backend.ts';
import { ApiKeys } from '../../schema/access/api-keys.ts';
import { EndpointStore } from '../../schema/delivery/endpoint-store.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import { RecognitionStore } from '../../schema/recognition/recognition-store.ts';
import { ProjectionStates } from '../../schema/replica/projection-states.ts';
import { Replica } from '../../schema/replica/replica.ts';
import { openKeyRing } from '../../schema/signing/key-ring.ts';
import { assemble } from '../assemble.ts';
import type { HubConfig } from '../config.ts';
import { createLogger } from '../logging.ts';
import { alignColumns } from '../start-table.ts';

/** @returns the exit code: 1 when something is not as it should be */
export async function doctor(config: HubConfig, print: (line: string) => void): Promise<number> {
  const backing = await openBacking({ ...config, mayShare: true });
  const backend = openQueueBackend(backing.queue);
  const replica = new Replica(backing.connection);
  const real = config.departments.filter((each) => !each.usesReferenceUpstream);
  const hub = await assemble(real, {}, createLogger('silent'));
  try {
    const { connection } = backing;
    const states = new ProjectionStates(connection);
    const findings = await examine({
      ...{ backing, backend, replica, states, registry: hub.services.registry },
      ring: await openKeyRing({ connection, folder: config.signingKeysFolder }),
      keys: new ApiKeys(connection),
      notices: new NoticeStore(connection),
      recognitions: new RecognitionStore(connection),
      endpoints: new EndpointStore(connection),
      departmentIds: config.departments.map(({ definition }) => definition.department.id),
      areMadeAtStart: config.mongodbUri === null,
    });
    const standIns = config.departments
      .filter((each) => each.usesReferenceUpstream)
      .map(({ definition }) => ['ok', definition.department.id, 'reference upstream; starts with the hub']);
    const rows = [
      ['ok', 'environment', 'every setting is understood'],
      ...findings.map(({ subject, isGood, detail }) => [isGood ? 'ok' : 'FAILED', subject, detail]),
      ...standIns,
    ];
    for (const line of alignColumns(rows)) print(line);
    return findings.every(({ isGood }) => isGood) ? 0 : 1;
  } finally {
    await hub.close();
    await backend.close();
    await backing.close();
  }
}
