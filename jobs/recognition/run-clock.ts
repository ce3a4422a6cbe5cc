/** Everything about recognitions that is due: what they rest on has changed, a silent source may answer, time is over. */
import type { HubContext } from '../../schema/context.ts';
import { HUB_ACTOR } from '../../schema/aggregate/aggregate.ts';
import { chunksOf } from '../../schema/chunks.ts';
import { tick } from '../../schema/recognition/case.ts';
import type { Recognition } from '../../schema/recognition/recognition.ts';
import type { RecognitionService } from '../../schema/recognition/recognition-service.ts';

/** Recognitions of one operation: their reports are asked for in one call per department. */
const AT_ONCE = 200;
/** Written together; whoever is killed has looked at so many for nothing. */
const WRITTEN_AT_ONCE = 50;
const VERIFIED_AT_ONCE = 20;

export interface ClockOutcome {
  /** Recognitions that were looked at. */
  readonly looked: number;
  /** Those that could not be; they stay due. */
  readonly failed: number;
}

export interface ClockParts {
  readonly service: RecognitionService;
  /** A new operation of the hub's own. */
  readonly openContext: () => HubContext;
  readonly now: () => Date;
  readonly onFailure: (error: unknown) => void;
}

/** May run twice and in several processes at once: the same look again changes nothing. */
export async function runClock({ service, openContext, now, onFailure }: ClockParts): Promise<ClockOutcome> {
  const outcome = { looked: 0, failed: 0 };
  const note = (looked: number, failures: readonly unknown[]): void => {
    outcome.looked += looked;
    outcome.failed += failures.length;
    for (const failure of failures) onFailure(failure);
  };

  const verifyAgain = async (recognition: Recognition, context: HubContext): Promise<void> => {
    await service.verifyAgain(recognition, context);
    await service.store.change(recognition._id, HUB_ACTOR, tick);
  };

  const run = async (due: readonly Recognition[], at: Date): Promise<void> => {
    const context = openContext();
    const toLookAt = due.filter(({ recheckAt }) => recheckAt !== null && recheckAt <= at);
    const standing = toLookAt.filter(({ restsOn }) => restsOn !== null);
    const open = toLookAt.filter(({ restsOn, state }) => restsOn === null && state === 'NEED_MORE');
    const others = due.filter((each) => !standing.includes(each) && !open.includes(each));
    for (const some of chunksOf(standing, WRITTEN_AT_ONCE)) note(some.length, await service.review(some, context));
    for (const some of chunksOf(others, WRITTEN_AT_ONCE)) {
      note(some.length, await service.store.changeMany(some, HUB_ACTOR, tick));
    }
    for (const some of chunksOf(open, VERIFIED_AT_ONCE)) {
      const results = await Promise.allSettled(some.map((each) => verifyAgain(each, context)));
      note(
        some.length,
        results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : [])),
      );
    }
  };

  for (let after: Recognition | null = null; ;) {
    const at = now();
    const due: readonly Recognition[] = await service.store.due(at, after, AT_ONCE);
    await run(due, at);
    after = due.at(-1) ?? null;
    if (after === null || due.length < AT_ONCE) return outcome;
  }
}
