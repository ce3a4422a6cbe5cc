/** The only reader of process.env: read once at start, checked, frozen, handed on in slices. */
import { join } from 'node:path';
import { z } from 'zod';
import { AllowListText, type AllowList } from '../schema/delivery/address/allow-list.ts';
import { SecretsKey } from '../schema/delivery/secret-box.ts';
import type { SourceDefinition } from '../sources/kit/define-source.ts';
import { accessConfig, accessProblems, AccessSettings, type AccessConfig } from './access-settings.ts';
import { LIMIT_VARIABLES, limitSettings, type LimitSettings } from './limits/limit-settings.ts';
import type { LiveSettings } from './transports/live-options.ts';
import { misspeltVariables, variablesOfAll, type Variable } from './variables.ts';
import { withFiles } from './variable-files.ts';
import { wholeNumber } from './whole-number.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** On one WebSocket. */
const MAX_SUBSCRIPTIONS = 20;

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const BaseConfig = z.object({
  PORT: wholeNumber(0, 65_535).prefault('4000').describe('Port on which the graph is served; 0 = any free port'),
  HOST: z
    .string()
    .trim()
    .regex(/^[\w.:-]+$/, 'must be an address or a host name, without scheme and port')
    .prefault('127.0.0.1')
    .describe('Address to listen on; 0.0.0.0 = all interfaces'),
  HUB_WORLD_SIZE: wholeNumber(0, 20_000)
    .prefault('300')
    .describe('Generated institutions that the reference upstreams know besides the fixed ones'),
  HUB_READ_TIMEOUT_MS: wholeNumber(100, 60_000)
    .prefault('1900')
    .describe('Longest time for one operation, in milliseconds; a department that is slower is reported as silent'),
  HUB_BODY_LIMIT_BYTES: wholeNumber(1_024, 16 * 1_048_576)
    .prefault('1048576')
    .describe('Largest request body, in bytes'),
  ...LIMIT_VARIABLES,
  HUB_SUBSCRIBERS: wholeNumber(1, 100_000)
    .prefault('1000')
    .describe('Most open connections of subscribers, WebSocket and server-sent events together'),
  HUB_SUBSCRIBER_PATIENCE_MS: wholeNumber(1_000, 600_000)
    .prefault('30000')
    .describe('How long a subscriber may take over one event before it is cut off with its cursor, in milliseconds'),
  HUB_HEARTBEAT_MS: wholeNumber(1_000, 300_000)
    .prefault('15000')
    .describe("How often a subscriber's connection on which nothing happens shows that it is alive, in milliseconds"),
  MONGODB_URI: z
    .string()
    .trim()
    .regex(/^mongodb(\+srv)?:\/\/./, 'must be mongodb:// or mongodb+srv://')
    .optional()
    .describe('Address of MongoDB; when not set, the hub runs an embedded store, for evaluation and CI'),
  REDIS_URL: z
    .string()
    .trim()
    .regex(/^rediss?:\/\/./, 'must be redis:// or rediss://')
    .optional()
    .describe('Address of Redis; when not set, the hub runs an embedded queue, for evaluation and CI'),
  HUB_DATA_DIR: z
    .string()
    .trim()
    .prefault('.data')
    .describe('Folder of the embedded store and queue; one process at a time'),
  HUB_SIGNING_KEYS_DIR: z
    .string()
    .trim()
    .min(1, 'must be a folder')
    .optional()
    .describe('Folder of the private signing keys; when not set, signing-keys in HUB_DATA_DIR'),
  HUB_SYNC_SECONDS: wholeNumber(5, 86_400)
    .prefault('60')
    .describe('How often each department is asked for its changes, in seconds'),
  HUB_HEAR_SECONDS: wholeNumber(1, 3_600)
    .prefault('5')
    .describe('How often departments are asked what they say of notices by their own protocol, in seconds'),
  HUB_DELIVERIES_AT_ONCE: wholeNumber(1, 1_000)
    .prefault('32')
    .describe('Messages to departments that one process has under way at the same time'),
  HUB_RECONCILE_AT: z
    .string()
    .trim()
    .regex(/^([\d*,/-]+\s+){4}[\d*,/-]+$/, 'must be a cron pattern of five fields')
    .prefault('30 2 * * *')
    .describe('When everything is compared with every department, as a cron pattern in China time'),
  HUB_TOKEN: z
    .string()
    .trim()
    .regex(/^[\w.~+/-]+=*$/, 'must be the token of an API key')
    .optional()
    .describe('API key with which the command line asks a running hub (`npm run hub -- watch`)'),
  HUB_SECRETS_KEY: SecretsKey.optional().describe(
    'Key with which the secrets of endpoints lie encrypted in the store, 32 random bytes in base64; when not set: beside the embedded store a file in HUB_DATA_DIR, beside MongoDB no endpoint can be registered',
  ),
  HUB_AUDIT_KEY: SecretsKey.optional().describe(
    'Key with which persons and vehicles are looked up in the audit trail, 32 random bytes in base64, never changed; when not set: beside the embedded store a file in HUB_DATA_DIR, beside MongoDB they are not on record',
  ),
  HUB_CALLBACK_ALLOW: AllowListText.prefault('').describe(
    'Endpoints in inner networks that may be called, also without TLS: a list of hosts, addresses and networks, e.g. 10.20.0.0/16,10.52.0.9:8080,hooks.water.example; empty = public addresses and https only',
  ),
  ...AccessSettings.shape,
  LOG_LEVEL: z
    .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
    .prefault('warn')
    .describe(`Least severe log line that is written: ${LOG_LEVELS.join(', ')}`),
});

export interface DepartmentConfig {
  readonly definition: SourceDefinition;
  /** True when no endpoint is set: the reference upstream stands in and provides endpoint and credentials. */
  readonly usesReferenceUpstream: boolean;
  /** The department's own variables as they were set; parsed by its definition. */
  readonly environment: Environment;
}

export interface HubConfig {
  readonly port: number;
  readonly host: string;
  readonly worldSize: number;
  readonly readTimeoutMs: number;
  readonly bodyLimitBytes: number;
  readonly limits: LimitSettings;
  readonly live: LiveSettings;
  /** null: the embedded store. May carry credentials. */
  readonly mongodbUri: string | null;
  /** null: the embedded queue. May carry credentials. */
  readonly redisUrl: string | null;
  readonly dataFolder: string;
  readonly signingKeysFolder: string;
  readonly syncSeconds: number;
  readonly hearSeconds: number;
  readonly deliveriesAtOnce: number;
  readonly reconcileAt: string;
  /** Of the command line, to be asked as; null = the public. */
  readonly token: string | null;
  /** null: not set. */
  readonly secretsKey: Buffer | null;
  /** null: not set. */
  readonly auditKey: Buffer | null;
  readonly callbackAllow: AllowList;
  readonly access: AccessConfig;
  readonly logLevel: z.infer<typeof BaseConfig>['LOG_LEVEL'];
  /** In order of department code. */
  readonly departments: readonly DepartmentConfig[];
}

/** The environment cannot be used. The message lists every wrong variable by name, never by value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(`The environment has ${problems.length} wrong value(s):\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
}

const isUnset = (value: string | undefined): boolean => value === undefined || value === '';

/** Some variables may be empty and mean it; for all others an empty value counts as not set. */
function ownValue(definition: SourceDefinition, name: string, value: string | undefined): string | undefined {
  const mayBeEmpty = value === '' && z.safeParse(definition.config.shape[name] ?? z.never(), '').success;
  return isUnset(value) && !mayBeEmpty ? undefined : value;
}

const problemsOf = (error: z.ZodError, environment: Environment): string[] =>
  error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `${name}: ${isUnset(environment[name]) ? 'must be set' : issue.message}`;
  });

function readDepartment(
  definition: SourceDefinition,
  environment: Environment,
): { readonly department: DepartmentConfig; readonly problems: readonly string[] } {
  const usesReferenceUpstream = isUnset(environment[definition.endpointVariable]);
  const provided: readonly string[] = usesReferenceUpstream ? definition.providedByUpstream : [];
  const own = Object.fromEntries(
    Object.keys(definition.config.shape)
      .filter((name) => !provided.includes(name))
      .map((name) => [name, ownValue(definition, name, environment[name])]),
  );
  const parsed = definition.config.safeParse(own);
  const problems = parsed.success ? [] : problemsOf(parsed.error, environment);
  return {
    department: { definition, usesReferenceUpstream, environment: Object.freeze(own) },
    problems: problems.filter((line) => !provided.some((name) => line.startsWith(`${name}:`))),
  };
}

/**
 * Reads and checks the settings of the hub and of every department.
 * @throws ConfigurationError naming every wrong or misspelt variable
 */
export function readConfig(definitions: readonly SourceDefinition[], set: Environment = process.env): HubConfig {
  const variables = listVariables(definitions);
  const { environment, problems: fileProblems } = withFiles(
    set,
    variables.map(({ name }) => name),
  );
  const base = BaseConfig.safeParse(
    Object.fromEntries(Object.entries(environment).filter(([, value]) => !isUnset(value))),
  );
  const departments = definitions.map((definition) => readDepartment(definition, environment));
  const access = base.success ? accessConfig(base.data, base.data.MONGODB_URI ?? null) : null;
  const problems = [
    ...fileProblems,
    ...(base.success ? [] : problemsOf(base.error, environment)),
    ...(base.success && access !== null ? accessProblems(access, base.data) : []),
    ...departments.flatMap((each) => each.problems),
    ...misspeltVariables(environment, variables),
  ];
  if (!base.success || access === null || problems.length > 0) throw new ConfigurationError(problems);
  return Object.freeze({
    port: base.data.PORT,
    host: base.data.HOST,
    worldSize: base.data.HUB_WORLD_SIZE,
    readTimeoutMs: base.data.HUB_READ_TIMEOUT_MS,
    bodyLimitBytes: base.data.HUB_BODY_LIMIT_BYTES,
    limits: limitSettings(base.data),
    live: {
      maxConnections: base.data.HUB_SUBSCRIBERS,
      maxSubscriptions: MAX_SUBSCRIPTIONS,
      heartbeatMs: base.data.HUB_HEARTBEAT_MS,
      patienceMs: base.data.HUB_SUBSCRIBER_PATIENCE_MS,
    },
    mongodbUri: base.data.MONGODB_URI ?? null,
    redisUrl: base.data.REDIS_URL ?? null,
    dataFolder: base.data.HUB_DATA_DIR,
    signingKeysFolder: base.data.HUB_SIGNING_KEYS_DIR ?? join(base.data.HUB_DATA_DIR, 'signing-keys'),
    syncSeconds: base.data.HUB_SYNC_SECONDS,
    hearSeconds: base.data.HUB_HEAR_SECONDS,
    deliveriesAtOnce: base.data.HUB_DELIVERIES_AT_ONCE,
    reconcileAt: base.data.HUB_RECONCILE_AT,
    token: base.data.HUB_TOKEN ?? null,
    secretsKey: base.data.HUB_SECRETS_KEY ?? null,
    auditKey: base.data.HUB_AUDIT_KEY ?? null,
    callbackAllow: Object.freeze(base.data.HUB_CALLBACK_ALLOW),
    access: Object.freeze(access),
    logLevel: base.data.LOG_LEVEL,
    departments: Object.freeze(departments.map((each) => Object.freeze(each.department))),
  });
}

/** Every variable that the hub and its departments read: for the README and for messages. */
export const listVariables = (definitions: readonly SourceDefinition[]): readonly Variable[] =>
  variablesOfAll(BaseConfig, definitions);
