/** The reference upstream: the transport department's front-end exchange database over the shared world. */
import { Amendment } from '../../kit/upstream/amendment.ts';
import type { ReferenceUpstream } from '../../kit/upstream/reference-upstream.ts';
import type { World } from '../../world/types.ts';
import { Amendments } from './amendments.ts';
import { Engine } from './engine.ts';
import { Gate } from './gate.ts';
import { NoticeTables } from './notice-tables.ts';
import { tableFault, type TableFault } from './table-faults.ts';

/** The account that the department gives to the hub. Made up, and accepted on the loopback interface only. */
const CREDENTIALS = { user: 'hub_reader', password: 'qzk-reference', database: 'qzk' } as const;

export async function startTransportUpstream(
  world: World,
  options: { readonly port?: number },
): Promise<ReferenceUpstream> {
  const engine = await Engine.start(world, CREDENTIALS.user);
  const amendments = new Amendments(engine);
  const notices = new NoticeTables(engine);
  const gate = new Gate(engine, CREDENTIALS);
  gate.onInserted = (table) => notices.inserted(table);
  await gate.open(options.port ?? 0);
  const place = `127.0.0.1:${gate.port}/${CREDENTIALS.database}`;
  let inTables: TableFault | null = null;

  return {
    departmentId: 'transport',
    address: `postgres://${place}`,
    environment: { TRANSPORT_DATABASE_URL: `postgres://${CREDENTIALS.user}:${CREDENTIALS.password}@${place}` },
    desk: notices.desk,
    async setFault(fault) {
      if (inTables !== null) await engine.run(inTables.off);
      inTables = tableFault(world, fault, CREDENTIALS.user);
      if (inTables !== null) await engine.run(inTables.on);
      gate.fault = fault;
      notices.setFault(fault);
      if (fault?.kind === 'down') await gate.shut();
      else await gate.open();
    },
    amend: (amendment) => amendments.apply(Amendment.parse(amendment)),
    calls: () => gate.counter.counts(),
    resetCalls: () => gate.counter.reset(),
    async close() {
      await gate.shut();
      await notices.close();
      await engine.close();
    },
  };
}
