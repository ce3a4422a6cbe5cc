/** `hub doctor`: is everything there that the hub needs? Each check by itself, so that one failure hides no other. */
import type { SourceRegistry } from '../../schema/ports.ts';
import type { ProjectionStates } from '../../schema/replica/projection-states.ts';
import type { Replica } from '../../schema/replica/replica.ts';
import { INSTITUTION_INDEX, INSTITUTION_INDEX_LAYOUT } from '../../schema/search/institution-index.ts';
import type { Backing } from '../backing.ts';
import type { QueueBackend } from '../queue/queue-backend.ts';
import { lookAtNotices, lookAtSigningKeys, type NoticeCheckParts, type SigningKeyParts } from './notice-checks.ts';
import { lookAtRecognitions, type RecognitionCheckParts } from './recognition-checks.ts';

export interface Finding {
  readonly subject: string;
  readonly isGood: boolean;
  readonly detail: string;
}

const PATIENCE_MS = 5_000;
/** Times of departments and signatures are compared with ours; more than this is somebody's mistake. */
const TOLERATED_SKEW_MS = 5_000;

async function check(subject: string, look: () => Promise<string>): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    return { subject, isGood: true, detail: await Promise.race([look(), tooLong]) };
  } catch (error) {
    return { subject, isGood: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

export interface DoctorParts extends Omit<SigningKeyParts & NoticeCheckParts & RecognitionCheckParts, 'now'> {
  readonly backing: Backing;
  readonly backend: QueueBackend;
  readonly replica: Replica;
  readonly states: ProjectionStates;
  /** The departments whose real systems are set. */
  readonly registry: SourceRegistry;
}

/** @returns findings in the order: store, queue, clock, index, signing keys, notices, recognitions, departments by code */
export async function examine(parts: DoctorParts): Promise<readonly Finding[]> {
  const { backing, backend, replica, states, registry } = parts;
  const { connection, description } = backing;
  const store = check('store', async () => {
    await replica.open();
    const states = await replica.states.all();
    return `${description.store}; ${states.size} feeds known`;
  });
  const queue = check('queue', async () => {
    const waiting = await backend.queue('replica-sync').bull.getJobCounts('waiting', 'delayed', 'failed');
    return `${description.queue}; ${Object.entries(waiting)
      .map(([state, count]) => `${count} ${state}`)
      .join(', ')}`;
  });
  const clock = check('clock', async () => {
    const before = Date.now();
    const hello: unknown = await connection.db?.command({ hello: 1 });
    const theirs =
      typeof hello === 'object' && hello !== null && 'localTime' in hello && hello.localTime instanceof Date
        ? hello.localTime.getTime()
        : Number.NaN;
    const skewMs = Math.round(theirs - (before + Date.now()) / 2);
    if (!(Math.abs(skewMs) <= TOLERATED_SKEW_MS)) throw new Error(`${skewMs} ms away from the store's clock`);
    return `${skewMs} ms from the store's clock`;
  });
  const index = check('institutions', async () => {
    const { complete, heldAt } = await states.of(INSTITUTION_INDEX);
    const waiting = `changes that wait: ${await replica.pending.count()}`;
    if (complete < INSTITUTION_INDEX_LAYOUT) return `index not complete; ${waiting}`;
    const oldest = [...heldAt.values()].reduce<Date | null>((old, at) => (old === null || at < old ? at : old), null);
    return `index complete as of ${oldest?.toISOString() ?? 'never: no feed has been read in full'}; ${waiting}`;
  });
  const now = new Date();
  const signingKeys = check('signing keys', () => lookAtSigningKeys({ ...parts, now }));
  const notices = check('notices', () => lookAtNotices({ ...parts, now }));
  const recognitions = check('recognitions', () => lookAtRecognitions({ ...parts, now }));
  const departments = registry.all().map((source) =>
    check(source.department.id, async () => {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      await source.ping({ requestId: 'doctor', signal, deadlineAt: Date.now() + PATIENCE_MS });
      return source.address;
    }),
  );
  return await Promise.all([store, queue, clock, index, signingKeys, notices, recognitions, ...departments]);
}
