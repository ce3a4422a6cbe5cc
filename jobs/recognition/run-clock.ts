/** Everything about recognitions that is due: what they rest on has changed, a silent source may answer, time is over. */
import type { HubContext } from '../../schema/context.ts';
import { HUB_ACTOR } from '../../schema/aggregate/aggregate.ts';
import { chunksOf } from '../../schema/chunks.ts';
import { tick } from '../../schema/recognition/case.ts';
import type { Recognition } from '../../schema/recognition/recognition.ts';
import type { RecognitionService } from '../../schema/recognition/recognition-service.ts';

/** Recognitions of one operation: their reports are asked for in one call per department. */
const AT_ONCE = 200;
const LOOKS_AT_ONCE = 20;

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

  const look = async (recognition: Recognition, context: HubContext): Promise<void> => {
    const { _id, state, recheckAt, restsOn } = recognition;
    const isDue = recheckAt !== null && recheckAt <= now();
    if (isDue && restsOn !== null) {
      await service.review(recognition, context);
      return;
    }
    if (isDue && state === 'NEED_MORE') await service.verifyAgain(recognition, context);
    await service.store.change(_id, HUB_ACTOR, tick);
  };

  for (let after = ''; ;) {
    const due = await service.store.due(now(), after, AT_ONCE);
    const context = openContext();
    for (const some of chunksOf(due, LOOKS_AT_ONCE)) {
      const results = await Promise.allSettled(some.map((each) => look(each, context)));
      for (const result of results) {
        outcome.looked += 1;
        if (result.status === 'fulfilled') continue;
        outcome.failed += 1;
        onFailure(result.reason);
      }
    }
    const last = due.at(-1);
    if (last === undefined || due.length < AT_ONCE) return outcome;
    after = last._id;
  }
}
