/** Reads and writes notices: whole, with a revision, so that of two writers the second one decides anew. */
import type { Connection } from 'mongoose';
import { isDuplicateKey } from '../duplicate-key.ts';
import { HubError } from '../errors.ts';
import { Turns } from '../events/turns.ts';
import { NoticeChange } from './change.ts';
import type { Notice } from './notice.ts';
import { noticeModel, type NoticeModel } from './notice.model.ts';

const MOST_TRIES = 50;

export interface Actor {
  readonly name: string;
}

/** The hub itself: its jobs and its clock. */
export const HUB_ACTOR: Actor = { name: 'hub' };

export class NoticeStore {
  readonly model: NoticeModel;
  readonly #now: () => Date;
  readonly #onPending: () => void;
  readonly #turns = new Turns();

  /** @param onPending told after every write that left events for the sequencer */
  constructor(
    connection: Connection,
    { now = () => new Date(), onPending = () => undefined }: { now?: () => Date; onPending?: () => void } = {},
  ) {
    this.model = noticeModel(connection);
    this.#now = now;
    this.#onPending = onPending;
  }

  /** Makes the indexes; safe to run in every process at its start. */
  async open(): Promise<void> {
    await this.model.createIndexes();
  }

  async find(noticeId: string): Promise<Notice | null> {
    return await this.model.findById(noticeId).lean<Notice>();
  }

  /** @throws HubError INPUT_INVALID when there is none */
  async get(noticeId: string): Promise<Notice> {
    const notice = await this.find(noticeId);
    if (notice !== null) return notice;
    throw new HubError('INPUT_INVALID', 'There is no notice with this id.');
  }

  /** @returns false when its number or its idempotency key is taken */
  async insert(notice: Notice): Promise<boolean> {
    try {
      await this.model.collection.insertOne({ ...notice } as never);
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
    if (notice.hasPending) this.#onPending();
    return true;
  }

  /**
   * Runs a command on the notice as it now is and writes what comes of it; when another writer was faster, runs it again
   * on what that one wrote. A command that changes nothing writes nothing. Writers of this process take turns: a notice goes
   * to all its recipients at once, and of many that write at the same time only one gets its way.
   * @throws HubError whatever the command refuses; INPUT_INVALID when there is no such notice
   */
  async change(
    noticeId: string,
    actor: Actor,
    command: (change: NoticeChange) => void | Promise<void>,
  ): Promise<Notice> {
    return await this.#turns.take(noticeId, () => this.#change(noticeId, actor, command));
  }

  async #change(
    noticeId: string,
    actor: Actor,
    command: (change: NoticeChange) => void | Promise<void>,
  ): Promise<Notice> {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const before = await this.get(noticeId);
      const change = new NoticeChange(before, actor.name, this.#now());
      await command(change);
      if (!change.isChanged) return before;
      const after: Notice = { ...change.outcome(), revision: before.revision + 1 };
      const filter = { _id: noticeId, revision: before.revision };
      const { matchedCount } = await this.model.collection.replaceOne(filter as never, { ...after });
      if (matchedCount === 1) {
        if (after.hasPending) this.#onPending();
        return after;
      }
    }
    throw new HubError('CONFLICT', 'The notice is being changed by too many at once; try again.');
  }
}
