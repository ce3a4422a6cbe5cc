/** A run of the projector every minute: what a killed process has left, and what the passing of days changes. */
import type { QueueBackend } from '../queue/queue-backend.ts';
import type { ProjectionRunner } from './projection-runner.ts';

const EVERY_MS = 60_000;

/** The worker ends with the backend. */
export async function startProjectionService(
  backend: QueueBackend,
  runner: Pick<ProjectionRunner, 'run'>,
): Promise<void> {
  backend.worker('institution-index', () => runner.run());
  await backend.queue('institution-index').schedule('institution-index', EVERY_MS, { v: 1 });
}
