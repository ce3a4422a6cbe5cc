import { defineSource } from '../kit/define-source.ts';
import { marketRegulationAdapter } from './adapter.ts';
import { MarketRegulationConfig } from './config.ts';
import { licenceFile } from './file-layouts/licence.ts';
import { penaltyFile } from './file-layouts/penalty.ts';
import { signedHeaders } from './signature.ts';
import { startUpstream } from './upstream/start-upstream.ts';

export default defineSource({
  department: {
    id: 'market-regulation',
    code: '01',
    name: 'Market Regulation',
    nameZh: '市场监管',
    protocol: 'REST (OpenAPI 3.1)',
    keyedBy: 'CREDIT_CODE',
    authoritativeFor: ['name', 'address', 'region', 'status', 'cmaNumber', 'cmaValidTo'],
  },
  meshName: 'MarketRegulation',
  adapterVersion: '1.0.0',
  config: MarketRegulationConfig,
  endpointVariable: 'MARKET_REGULATION_URL',
  providedByUpstream: ['MARKET_REGULATION_URL', 'MARKET_REGULATION_APP_KEY', 'MARKET_REGULATION_APP_SECRET'],
  create(config) {
    const credentials = {
      appKey: config.MARKET_REGULATION_APP_KEY,
      appSecret: config.MARKET_REGULATION_APP_SECRET,
    };
    return {
      adapter: marketRegulationAdapter,
      transport: {
        kind: 'http',
        endpoint: config.MARKET_REGULATION_URL,
        headers: (request) => signedHeaders(request, credentials, new Date()),
      },
      address: config.MARKET_REGULATION_URL,
      timeoutMs: config.MARKET_REGULATION_TIMEOUT_MS,
      // The register is keyed by the credit code: there is no directory of local numbers to wait for.
      directoryTimeoutMs: config.MARKET_REGULATION_TIMEOUT_MS,
      concurrency: config.MARKET_REGULATION_CONCURRENCY,
      maxAgeSeconds: config.MARKET_REGULATION_MAX_AGE_SECONDS,
      close: () => Promise.resolve(),
    };
  },
  fileLayouts: { penalty: penaltyFile, licence: licenceFile },
  startUpstream,
});
