/** One environment, read once; everything that is wrong with it in one message. */
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigurationError, listVariables, readConfig } from '../../gateway/config.ts';
import { defineSource } from '../../sources/kit/define-source.ts';

const rivers = defineSource({
  department: {
    id: 'river-care',
    code: '09',
    name: 'River Care',
    nameZh: '河道',
    protocol: 'REST',
    keyedBy: 'CREDIT_CODE',
    authoritativeFor: [],
  },
  meshName: 'RiverCare',
  adapterVersion: '1',
  config: z.object({
    RIVER_CARE_URL: z.url().describe('Where it is'),
    RIVER_CARE_SECRET: z.string().min(8, 'must have 8 characters').describe('Issued to the hub'),
    RIVER_CARE_TIMEOUT_MS: z.coerce.number().int('must be whole').positive().default(1_500).describe('Longest wait'),
    RIVER_CARE_OFFICES: z.string().default('A,B').describe('Offices; empty = all'),
  }),
  endpointVariable: 'RIVER_CARE_URL',
  providedByUpstream: ['RIVER_CARE_URL', 'RIVER_CARE_SECRET'],
  create: () => {
    throw new Error('not needed');
  },
  startUpstream: () => Promise.reject(new Error('not needed')),
});

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig([rivers], environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('The configuration', () => {
  it('has a default for everything, and a reference upstream for a department without an endpoint', () => {
    const config = readConfig([rivers], {});
    expect(config).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      worldSize: 300,
      readTimeoutMs: 1900,
      bodyLimitBytes: 1_048_576,
      logLevel: 'warn',
      departments: [{ definition: rivers, usesReferenceUpstream: true }],
    });
    expect(Object.isFrozen(config) && Object.isFrozen(config.departments)).toBe(true);
  });

  it('keeps private signing keys in the data folder, where no other is named', () => {
    expect(readConfig([rivers], { HUB_DATA_DIR: '/srv/hub' }).signingKeysFolder).toBe('/srv/hub/signing-keys');
    const own = readConfig([rivers], { HUB_DATA_DIR: '/srv/hub', HUB_SIGNING_KEYS_DIR: '/etc/hub-keys' });
    expect(own.signingKeysFolder).toBe('/etc/hub-keys');
  });

  it('hands a department its own variables and no others', () => {
    const [department] = readConfig([rivers], {
      RIVER_CARE_URL: 'https://rivers.example',
      RIVER_CARE_SECRET: '12345678',
      RIVER_CARE_OFFICES: '',
      RIVER_CARE_TIMEOUT_MS: '',
      HOME: '/root',
    }).departments;
    expect(department).toMatchObject({ usesReferenceUpstream: false });
    expect(department?.environment).toEqual({
      RIVER_CARE_URL: 'https://rivers.example',
      RIVER_CARE_SECRET: '12345678',
      RIVER_CARE_OFFICES: '',
      RIVER_CARE_TIMEOUT_MS: undefined,
    });
  });

  it('takes an empty value as not set', () => {
    expect(readConfig([rivers], { PORT: '', RIVER_CARE_URL: '' })).toMatchObject({
      port: 4000,
      departments: [{ usesReferenceUpstream: true }],
    });
  });

  it('lists every wrong value in one message, and never shows a value', () => {
    const problems = problemsOf({
      PORT: '70000',
      HUB_READ_TIMEOUT_MS: 'soon',
      LOG_LEVEL: 'loud',
      HOST: 'http://here',
      RIVER_CARE_URL: 'nowhere-secret',
      RIVER_CARE_SECRET: 'hunter2',
      RIVER_CARE_TIMEOUT_MS: '1.5',
    });
    expect(problems).toEqual([
      'PORT: must be a whole number from 0 to 65535',
      'HOST: must be an address or a host name, without scheme and port',
      'HUB_READ_TIMEOUT_MS: must be a whole number from 100 to 60000',
      'LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent',
      'RIVER_CARE_URL: Invalid URL',
      'RIVER_CARE_SECRET: must have 8 characters',
      'RIVER_CARE_TIMEOUT_MS: must be whole',
    ]);
    expect(new ConfigurationError(problems).message).toBe(
      `The environment has 7 wrong value(s):\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
    expect(problems.join()).not.toMatch(/hunter2|nowhere|soon|loud/);
  });

  it('asks for the credentials of a department that has an endpoint', () => {
    expect(problemsOf({ RIVER_CARE_URL: 'https://rivers.example' })).toEqual(['RIVER_CARE_SECRET: must be set']);
  });

  it('checks the other variables of a department that has no endpoint', () => {
    expect(problemsOf({ RIVER_CARE_TIMEOUT_MS: '-1' })).toEqual([expect.stringMatching(/^RIVER_CARE_TIMEOUT_MS: /)]);
  });

  it('names the variable that was probably meant', () => {
    expect(problemsOf({ HUB_WORLDSIZE: '5', RIVER_CARE_TIMOUT: '5', RIVER: 'x', OTHER_RIVER_CARE: 'x' })).toEqual([
      'HUB_WORLDSIZE: is not a setting of the hub; did you mean HUB_WORLD_SIZE?',
      'RIVER_CARE_TIMOUT: is not a setting of the hub; did you mean RIVER_CARE_TIMEOUT_MS?',
    ]);
  });

  it('reads which endpoints of inner networks may be called, and the key that keeps their secrets', () => {
    const key = Buffer.alloc(32, 7);
    const config = readConfig([rivers], {
      HUB_SECRETS_KEY: key.toString('base64'),
      HUB_CALLBACK_ALLOW: '10.20.0.0/16, hooks.water.example:8443,',
    });
    expect(config.secretsKey).toEqual(key);
    expect(config.callbackAllow).toMatchObject([
      { kind: 'NETWORK', port: null },
      { kind: 'HOST', host: 'hooks.water.example', port: 8443 },
    ]);
    expect(readConfig([rivers], {})).toMatchObject({ secretsKey: null, callbackAllow: [] });
    expect(
      problemsOf({ HUB_SECRETS_KEY: Buffer.alloc(16).toString('base64'), HUB_CALLBACK_ALLOW: 'http://x.example' }),
    ).toEqual([
      'HUB_SECRETS_KEY: must be 32 bytes in base64',
      'HUB_CALLBACK_ALLOW: must be a list of host, host:port, address, address:port or network (10.20.0.0/16)',
    ]);
  });

  it('leaves alone what a cluster writes into every container beside a service of that name', () => {
    expect(
      problemsOf({
        HUB_SERVICE_HOST: '10.0.0.1',
        HUB_SERVICE_PORT_HTTP: '80',
        HUB_PORT: 'tcp://10.0.0.1:80',
        HUB_PORT_80_TCP_ADDR: '10.0.0.1',
      }),
    ).toEqual([]);
    expect(problemsOf({ HUB_PORT: '80' })).toHaveLength(1);
  });
});

describe('The list of variables', () => {
  it('describes every variable, the hub first', () => {
    const variables = listVariables([rivers]);
    expect(variables.map(({ name, defaultValue, departmentId }) => [name, defaultValue, departmentId])).toEqual([
      ['PORT', '4000', null],
      ['HOST', '127.0.0.1', null],
      ['HUB_WORLD_SIZE', '300', null],
      ['HUB_READ_TIMEOUT_MS', '1900', null],
      ['HUB_BODY_LIMIT_BYTES', '1048576', null],
      ['HUB_QUERY_BYTES', '32768', null],
      ['HUB_QUERY_TOKENS', '2000', null],
      ['HUB_QUERY_DEPTH', '15', null],
      ['HUB_QUERY_FIELDS', '1000', null],
      ['HUB_QUERY_ROOT_FIELDS', '10', null],
      ['HUB_QUERY_ALIASES', '30', null],
      ['HUB_QUERY_DIRECTIVES', '30', null],
      ['HUB_QUERY_LIST_SIZE', '1000', null],
      ['HUB_QUERY_ROWS', '20000', null],
      ['HUB_QUERY_CALLS', '100', null],
      ['HUB_CALLER_OPERATIONS', '6000', null],
      ['HUB_CALLER_CALLS', '12000', null],
      ['HUB_PUBLIC_OPERATIONS', '600', null],
      ['HUB_PUBLIC_CALLS', '1200', null],
      ['HUB_DEPARTMENT_CALLS', '12000', null],
      ['HUB_SUBSCRIBERS', '1000', null],
      ['HUB_SUBSCRIBER_PATIENCE_MS', '30000', null],
      ['HUB_HEARTBEAT_MS', '15000', null],
      ['MONGODB_URI', null, null],
      ['REDIS_URL', null, null],
      ['HUB_DATA_DIR', '.data', null],
      ['HUB_SIGNING_KEYS_DIR', null, null],
      ['HUB_SYNC_SECONDS', '60', null],
      ['HUB_HEAR_SECONDS', '5', null],
      ['HUB_DELIVERIES_AT_ONCE', '32', null],
      ['HUB_RECONCILE_AT', '30 2 * * *', null],
      ['HUB_TOKEN', null, null],
      ['HUB_SECRETS_KEY', null, null],
      ['HUB_AUDIT_KEY', null, null],
      ['HUB_CALLBACK_ALLOW', '', null],
      ['HUB_MODE', null, null],
      ['HUB_TLS_CERT_FILE', null, null],
      ['HUB_TLS_KEY_FILE', null, null],
      ['HUB_TLS_CLIENT_CA_FILE', null, null],
      ['HUB_TRUSTED_PROXIES', '', null],
      ['HUB_CERTIFICATE_HEADER', 'client-cert', null],
      ['HUB_OIDC_ISSUER', null, null],
      ['HUB_OIDC_AUDIENCE', 'urn:joint-credit-hub', null],
      ['HUB_OIDC_JWKS_URL', null, null],
      ['HUB_OIDC_ALGORITHMS', 'RS256,PS256,ES256,EdDSA', null],
      ['HUB_OIDC_CLAIMS', '{}', null],
      ['HUB_OIDC_CLOCK_TOLERANCE_SECONDS', '5', null],
      ['HUB_IDENTITY_PORT', '0', null],
      ['LOG_LEVEL', 'warn', null],
      ['RIVER_CARE_URL', null, 'river-care'],
      ['RIVER_CARE_SECRET', null, 'river-care'],
      ['RIVER_CARE_TIMEOUT_MS', '1500', 'river-care'],
      ['RIVER_CARE_OFFICES', 'A,B', 'river-care'],
    ]);
    expect(variables.every(({ description }) => description.length > 0)).toBe(true);
  });
});
