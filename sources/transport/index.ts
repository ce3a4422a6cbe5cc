import { defineSource } from '../kit/define-source.ts';
import {
  addressWithoutCredentials,
  openExchangeDatabase,
  type OpenedExchangeDatabase,
} from '../kit/mesh-handlers/exchange-database/open-database.ts';
import { createTransportAdapter } from './adapter.ts';
import { TransportConfig } from './config.ts';
import { startTransportUpstream } from './upstream/index.ts';

/** Feeds are read one after the other; a receipt, a notice and answers to notices may be on their way meanwhile. */
const BACKGROUND_CONNECTIONS = 4;

export default defineSource({
  department: {
    id: 'transport',
    code: '03',
    name: 'Transport',
    nameZh: '交通运输',
    protocol: 'SQL exchange database',
    keyedBy: 'CREDIT_CODE',
    authoritativeFor: ['transportPermit', 'roadVehicleTest'],
  },
  meshName: 'Transport',
  adapterVersion: '1.1.0',
  config: TransportConfig,
  endpointVariable: 'TRANSPORT_DATABASE_URL',
  providedByUpstream: ['TRANSPORT_DATABASE_URL'],
  create: (config) => {
    const open = (poolSize: number, timeoutMs: number): OpenedExchangeDatabase =>
      openExchangeDatabase({ url: config.TRANSPORT_DATABASE_URL, poolSize, timeoutMs });
    const queries = open(config.TRANSPORT_CONCURRENCY, config.TRANSPORT_TIMEOUT_MS);
    const background = open(BACKGROUND_CONNECTIONS, config.TRANSPORT_FEED_TIMEOUT_MS);
    return {
      adapter: createTransportAdapter(),
      transport: { kind: 'database', database: queries.database, background: background.database },
      address: addressWithoutCredentials(config.TRANSPORT_DATABASE_URL),
      timeoutMs: config.TRANSPORT_TIMEOUT_MS,
      // There is no directory: rows carry the credit code. The feeds have its patience.
      directoryTimeoutMs: config.TRANSPORT_FEED_TIMEOUT_MS,
      concurrency: config.TRANSPORT_CONCURRENCY,
      maxAgeSeconds: config.TRANSPORT_MAX_AGE_SECONDS,
      async close() {
        await Promise.all([queries.close(), background.close()]);
      },
    };
  },
  startUpstream: startTransportUpstream,
});
