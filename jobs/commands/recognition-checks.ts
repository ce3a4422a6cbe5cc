/** What `hub doctor` looks at so that departments hear what is recognised, and what is no more. */
import { recognitionOutbox, type RecognitionStore } from '../../schema/recognition/recognition-store.ts';
import type { Recognition } from '../../schema/recognition/recognition.ts';
import { countByDepartment, countNotNumbered, MOST_READ } from './notice-checks.ts';

export interface RecognitionCheckParts {
  readonly recognitions: RecognitionStore;
  readonly now: Date;
}

/** The clock runs every few seconds; none does when what is due has been due for so long. */
const LOOKED_AT_WITHIN_MS = 10 * 60_000;

/**
 * @returns that recognitions flow
 * @throws Error naming what a person must see to
 */
export async function lookAtRecognitions({ recognitions, now }: RecognitionCheckParts): Promise<string> {
  const { model } = recognitions;
  const withDead = await model
    .find({ hasDead: true }, { targets: 1 })
    .limit(MOST_READ)
    .lean<Pick<Recognition, 'targets'>[]>();
  const dead = countByDepartment(
    withDead.flatMap(({ targets }) => targets.filter(({ messages }) => messages.some(({ state }) => state === 'DEAD'))),
  );
  const stuck = await countNotNumbered(recognitionOutbox(recognitions), now);
  const overdue = await model.countDocuments({ nextClockAt: { $lt: new Date(now.getTime() - LOOKED_AT_WITHIN_MS) } });
  const complaints = [
    ...(dead.length > 0 ? [`what could not be delivered: ${dead.join(', ')} (resendRecognition)`] : []),
    ...(stuck > 0
      ? [`recognitions whose events nobody has numbered for more than a minute: ${stuck}; does a worker run?`]
      : []),
    ...(overdue > 0
      ? [`recognitions that nobody has looked at though it was time: ${overdue}; does a worker run?`]
      : []),
  ];
  if (complaints.length > 0) throw new Error(complaints.join('; '));
  return 'none dead, all events numbered, all looked at in time';
}
