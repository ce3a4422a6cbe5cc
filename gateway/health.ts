/** Whether the hub can serve, and what each thing that it depends on is doing. */
import type { CircuitState, DepartmentSource, SourceRegistry, SourceState } from '../schema/ports.ts';
import { HubError } from '../schema/errors.ts';

export interface DepartmentReadiness {
  readonly id: string;
  readonly name: string;
  /** DOWN when it did not answer just now, whatever its circuit says. */
  readonly state: SourceState;
  readonly circuit: CircuitState;
  /** Time until it answered or was given up. */
  readonly latencyMs: number;
  /** Why it is DOWN; null otherwise. */
  readonly reason: string | null;
}

export interface ReadinessReport {
  /** "degraded": the hub serves, and names in each answer what is missing. */
  readonly status: 'ready' | 'degraded' | 'unavailable';
  readonly departments: readonly DepartmentReadiness[];
  readonly mesh: { readonly state: SourceState };
  /** DEGRADED until the directory of local numbers has been read from every department that needs one. */
  readonly identityDirectory: { readonly state: SourceState };
}

export interface ReadinessInputs {
  readonly registry: SourceRegistry;
  readonly identity: { ready(): boolean };
}

const PING_TIMEOUT_MS = 1_000;
/** Probes may come from many sides at once; the departments are asked no more often than this. */
const REMEMBER_MS = 1_000;

async function probe(source: DepartmentSource): Promise<DepartmentReadiness> {
  const startedAt = performance.now();
  let reason: string | null = null;
  try {
    await source.ping({
      requestId: 'readiness',
      signal: AbortSignal.timeout(PING_TIMEOUT_MS),
      deadlineAt: Date.now() + PING_TIMEOUT_MS,
    });
  } catch (error) {
    reason = error instanceof HubError ? error.message : 'The ping failed unexpectedly.';
  }
  const { state, circuit } = source.health();
  const { id, name } = source.department;
  const latencyMs = Math.round(performance.now() - startedAt);
  return { id, name, state: reason === null ? state : 'DOWN', circuit, latencyMs, reason };
}

/** Asks every department at once. */
export async function checkReadiness({ registry, identity }: ReadinessInputs): Promise<ReadinessReport> {
  const departments = await Promise.all(registry.all().map(probe));
  const isIdentityReady = identity.ready();
  const isAnyUp = departments.some(({ state }) => state !== 'DOWN');
  const isAllUp = isIdentityReady && departments.every(({ state }) => state === 'UP');
  return {
    status: isAllUp ? 'ready' : isAnyUp ? 'degraded' : 'unavailable',
    departments,
    // A hub without Mesh does not start.
    mesh: { state: 'UP' },
    identityDirectory: { state: isIdentityReady ? 'UP' : 'DEGRADED' },
  };
}

/** {@link checkReadiness}, shared by all who ask at about the same time. */
export function rememberReadiness(inputs: ReadinessInputs): () => Promise<ReadinessReport> {
  let latest: { readonly until: number; readonly report: Promise<ReadinessReport> } | null = null;
  return () => {
    const now = performance.now();
    if (latest === null || now > latest.until) latest = { until: now + REMEMBER_MS, report: checkReadiness(inputs) };
    return latest.report;
  };
}
