import { defineSource } from '../kit/define-source.ts';
import {
  addressWithoutCredentials,
  openExchangeDatabase,
} from '../kit/mesh-handlers/exchange-database/open-database.ts';
import { createTransportAdapter } from './adapter.ts';
import { TransportConfig } from './config.ts';
import { startTransportUpstream } from './upstream/index.ts';

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
  adapterVersion: '1.0.0',
  config: TransportConfig,
  endpointVariable: 'TRANSPORT_DATABASE_URL',
  providedByUpstream: ['TRANSPORT_DATABASE_URL'],
  create: (config) => {
    const opened = openExchangeDatabase({
      url: config.TRANSPORT_DATABASE_URL,
      poolSize: config.TRANSPORT_CONCURRENCY,
      timeoutMs: config.TRANSPORT_TIMEOUT_MS,
    });
    return {
      adapter: createTransportAdapter(),
      transport: { kind: 'database', database: opened.database },
      address: addressWithoutCredentials(config.TRANSPORT_DATABASE_URL),
      timeoutMs: config.TRANSPORT_TIMEOUT_MS,
      // There is no directory: rows carry the credit code.
      directoryTimeoutMs: config.TRANSPORT_TIMEOUT_MS,
      concurrency: config.TRANSPORT_CONCURRENCY,
      maxAgeSeconds: config.TRANSPORT_MAX_AGE_SECONDS,
      close: () => opened.close(),
    };
  },
  startUpstream: startTransportUpstream,
});
