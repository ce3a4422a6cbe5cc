import { defineSource } from '../kit/define-source.ts';
import { createPublicSecurityAdapter } from './adapter.ts';
import { PublicSecurityConfig } from './config.ts';
import { startPublicSecurityUpstream } from './upstream/index.ts';

export default defineSource({
  department: {
    id: 'public-security',
    code: '04',
    name: 'Public Security',
    nameZh: '公安',
    protocol: 'SOAP 1.1 rpc/encoded (WSDL)',
    keyedBy: 'LOCAL_NUMBER',
    authoritativeFor: ['vehicle', 'safetyInspection'],
  },
  meshName: 'PublicSecurity',
  adapterVersion: '1.2.0',
  config: PublicSecurityConfig,
  endpointVariable: 'PUBLIC_SECURITY_URL',
  providedByUpstream: ['PUBLIC_SECURITY_URL', 'PUBLIC_SECURITY_SERIAL'],
  create: (config) => ({
    adapter: createPublicSecurityAdapter(config),
    // The serial number travels inside the envelope (service.ts); no header is needed.
    transport: { kind: 'http', endpoint: config.PUBLIC_SECURITY_URL },
    address: config.PUBLIC_SECURITY_URL,
    timeoutMs: config.PUBLIC_SECURITY_TIMEOUT_MS,
    directoryTimeoutMs: config.PUBLIC_SECURITY_DIRECTORY_TIMEOUT_MS,
    concurrency: config.PUBLIC_SECURITY_CONCURRENCY,
    maxAgeSeconds: config.PUBLIC_SECURITY_MAX_AGE_SECONDS,
    close: () => Promise.resolve(),
  }),
  startUpstream: startPublicSecurityUpstream,
});
