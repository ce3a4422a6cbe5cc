/** Keeps the list of local numbers that wait for a person in step, and finishes what decisions have left unfinished. */
import type { AliasDesk } from '../../schema/identity/alias-desk.ts';
import type { QueueBackend } from '../queue/queue-backend.ts';

export interface AliasServiceParts {
  readonly desk: AliasDesk;
  readonly backend: QueueBackend;
  readonly everySeconds: number;
  /** Told what each run came to; not of runs that had nothing to do. */
  readonly onRun?: (outcome: object) => void;
  readonly onFailure: (error: unknown) => void;
}

const SCHEDULE = 'all';

/** Ends with the backend. One of the processes does each run; two at once do no harm. */
export async function startAliasService(parts: AliasServiceParts): Promise<void> {
  const { desk, backend, everySeconds } = parts;
  const run = async (): Promise<object | null> => {
    try {
      await desk.tellUntold();
      const outcome = await desk.refreshList();
      if (outcome !== null) parts.onRun?.(outcome);
      return outcome;
    } catch (error) {
      parts.onFailure(error);
      throw error;
    }
  };
  backend.worker('alias-candidates', run);
  await backend.queue('alias-candidates').schedule(SCHEDULE, everySeconds * 1_000, { v: 1 });
}
