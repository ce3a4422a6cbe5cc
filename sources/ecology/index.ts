/** Ecology (生态环境): emission tests, monitoring tasks, reports and penalties, by REST JSON of the jkid/jksqm family. */
import { defineSource } from '../kit/define-source.ts';
import { createEcologyAdapter } from './adapter.ts';
import { EcologyConfig } from './config.ts';
import { startEcologyUpstream } from './upstream/start.ts';

export default defineSource({
  department: {
    id: 'ecology',
    code: '02',
    name: 'Ecology',
    nameZh: '生态环境',
    protocol: 'REST JSON (jkid/jksqm)',
    keyedBy: 'LOCAL_NUMBER',
    authoritativeFor: ['emissionTest'],
  },
  meshName: 'Ecology',
  adapterVersion: '1',
  config: EcologyConfig,
  endpointVariable: 'ECOLOGY_URL',
  providedByUpstream: ['ECOLOGY_URL', 'ECOLOGY_AUTHORISATION_CODE'],
  create(config) {
    const { origin, pathname, search } = new URL(config.ECOLOGY_URL);
    return {
      adapter: createEcologyAdapter({
        // The kit joins a base path and the contract's path with a slash between; this platform has no paths to join.
        address: pathname + search,
        authorisationCode: config.ECOLOGY_AUTHORISATION_CODE,
      }),
      transport: { kind: 'http', endpoint: origin },
      address: origin + pathname,
      timeoutMs: config.ECOLOGY_TIMEOUT_MS,
      directoryTimeoutMs: config.ECOLOGY_DIRECTORY_TIMEOUT_MS,
      concurrency: config.ECOLOGY_CONCURRENCY,
      maxAgeSeconds: config.ECOLOGY_MAX_AGE_SECONDS,
      close: () => Promise.resolve(),
    };
  },
  startUpstream: startEcologyUpstream,
});
