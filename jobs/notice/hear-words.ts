/** Hears what departments say of notices by their own protocols: rows of an exchange database, replies of a service. */
import type { Caller } from '../../schema/access/caller.ts';
import type { NoticeDoor, RecipientWord, WordOutcome } from '../../schema/delivery/ports.ts';
import { HubError } from '../../schema/errors.ts';
import type { NoticeService } from '../../schema/notice/notice-service.ts';
import type { CallScope, DepartmentSource } from '../../schema/ports.ts';

export interface HeardWords {
  readonly taken: number;
  readonly refused: number;
  readonly malformed: number;
}

const PAGE = 200;

/** Whoever writes into a department's own system speaks for that department, and for no other. */
const speakerOf = ({ department }: DepartmentSource, { by }: RecipientWord, { channel }: NoticeDoor): Caller => ({
  subject: by === null ? `${department.id} (${channel})` : `${department.id} (${channel}): ${by}`,
  departmentId: department.id,
  roles: ['RECIPIENT'],
  regions: [],
  credentialId: channel,
});

async function take(service: NoticeService, speaker: Caller, word: RecipientWord, door: NoticeDoor): Promise<void> {
  const { wordId, deliveryId, kind, reason, feedback, receipt } = word;
  const hearing = { voice: door.voice, receipt, wordId };
  switch (kind) {
    case 'SIGNED':
      await service.sign(speaker, deliveryId, hearing);
      return;
    case 'RETURNED':
      await service.giveBack(speaker, deliveryId, reason ?? '', hearing);
      return;
    case 'FED_BACK':
      await service.feedBack(speaker, deliveryId, feedback, hearing);
      return;
    case 'LIFT_CONFIRMED':
      await service.confirmLift(speaker, deliveryId, hearing);
  }
}

/**
 * Takes every word that waits at a department, in its order. A word that cannot be taken is reported back with the reason
 * and does not stop the others. Killed in between, it hears some of them again, which changes nothing.
 * @throws HubError when the department fails
 */
export async function hearWords(
  source: DepartmentSource,
  service: NoticeService,
  scope: CallScope,
): Promise<HeardWords> {
  const heard = { taken: 0, refused: 0, malformed: 0 };
  const door = source.notices;
  for (let after: string | null = null; door !== undefined;) {
    const page = await door.words(after, PAGE, scope);
    const outcomes: WordOutcome[] = [];
    for (const word of page.words) {
      try {
        await take(service, speakerOf(source, word, door), word, door);
        heard.taken += 1;
        outcomes.push({ wordId: word.wordId, refusal: null });
      } catch (error) {
        if (!(error instanceof HubError) || error.code === 'INTERNAL') throw error;
        heard.refused += 1;
        outcomes.push({ wordId: word.wordId, refusal: `${error.code}: ${error.message}` });
      }
    }
    for (const { recordId, field, problem } of page.malformed) {
      heard.malformed += 1;
      // Told back too, or it would come again with every page. What has no number cannot be told.
      if (recordId !== null) outcomes.push({ wordId: recordId, refusal: `${field}: ${problem}` });
    }
    if (outcomes.length > 0) await door.noteHeard(outcomes, scope);
    if (page.next === null) break;
    after = page.next;
  }
  return heard;
}
