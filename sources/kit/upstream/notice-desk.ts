/**
 * What a reference department does with notices, whichever protocol brings them: it keeps each message once, and says of
 * each delivery what it was told to say. The protocol around it carries the words.
 */
import { z } from 'zod';

/** How the desk behaves; by default it does everything that is asked of it at once. */
export const DeskBehaviour = z.strictObject({
  signs: z.boolean().default(true),
  /** Returns notices with this reason instead of signing. */
  returnsWith: z.string().min(1).max(200).nullable().default(null),
  /** What it reports of every measure; null = nothing. */
  feedsBack: z.enum(['EXECUTED', 'PARTLY', 'NOT_APPLICABLE', 'NO_OBJECT', 'FAILED']).nullable().default('EXECUTED'),
  confirmsEnd: z.boolean().default(true),
  /** How long it takes for each step. */
  delayMs: z.number().int().min(0).max(3_600_000).default(0),
});
export type DeskBehaviour = z.output<typeof DeskBehaviour>;

/** The parts of a message that a desk acts on, and its proof. */
export interface DeskMessage {
  /** Idempotency key. */
  readonly id: string;
  /** notice.issued, notice.lifted, notice.withdrawn. */
  readonly type: string;
  readonly deliveryId: string;
  readonly number: string;
  readonly measureIds: readonly string[];
  /** What the determining department has signed, to the byte. */
  readonly signedText: string;
  readonly signature: { readonly algorithm: string; readonly keyId: string; readonly value: string };
}

export interface DeskWord {
  readonly deliveryId: string;
  readonly kind: 'SIGNED' | 'RETURNED' | 'FED_BACK' | 'LIFT_CONFIRMED';
  readonly reason: string | null;
  readonly feedback: readonly { readonly measureId: string; readonly result: string; readonly caseCount: number }[];
}

export interface DeskEntry {
  readonly message: DeskMessage;
  readonly receivedAt: Date;
  /** How often the same message came. */
  readonly copies: number;
}

/** A word that the hub did not take. */
export interface DeskRefusal {
  readonly deliveryId: string;
  readonly reason: string;
}

/** What a test and an operator see of a desk. */
export interface DeskControl {
  behave(behaviour: z.input<typeof DeskBehaviour>): void;
  /** In order of arrival. */
  entries(): readonly DeskEntry[];
  /** What it said and the hub refused, in the order of the refusals. */
  refusals(): readonly DeskRefusal[];
  /** As if nothing had ever come. */
  forget(): Promise<void>;
}

export class NoticeDesk {
  #behaviour: DeskBehaviour = DeskBehaviour.parse({});
  readonly #entries = new Map<string, DeskEntry>();
  #refusals: readonly DeskRefusal[] = [];
  readonly #say: (word: DeskWord) => void;
  readonly #timers = new Set<NodeJS.Timeout>();

  /** @param say carries a word to the hub; must not throw */
  constructor(say: (word: DeskWord) => void) {
    this.#say = say;
  }

  behave(behaviour: z.input<typeof DeskBehaviour>): void {
    this.#behaviour = DeskBehaviour.parse(behaviour);
  }

  /** In order of arrival. */
  entries(): readonly DeskEntry[] {
    return [...this.#entries.values()];
  }

  refusals(): readonly DeskRefusal[] {
    return this.#refusals;
  }

  /** The hub has refused a word. */
  refused(refusal: DeskRefusal): void {
    this.#refusals = [...this.#refusals, refusal];
  }

  /** @returns the desk's own number for it, the same for every copy */
  receive(message: DeskMessage): string {
    const known = this.#entries.get(message.id);
    this.#entries.set(message.id, {
      message,
      receivedAt: known?.receivedAt ?? new Date(),
      copies: (known?.copies ?? 0) + 1,
    });
    const number = `R${[...this.#entries.keys()].indexOf(message.id) + 1}`;
    if (known === undefined) this.#act(message);
    return number;
  }

  forget(): void {
    this.close();
    this.#entries.clear();
    this.#refusals = [];
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #act({ type, deliveryId, measureIds }: DeskMessage): void {
    const { signs, returnsWith, feedsBack, confirmsEnd } = this.#behaviour;
    const word = (
      kind: DeskWord['kind'],
      reason: string | null = null,
      feedback: DeskWord['feedback'] = [],
    ): DeskWord => ({
      deliveryId,
      kind,
      reason,
      feedback,
    });
    if (type !== 'notice.issued') {
      if (confirmsEnd) this.#sayAll([word('LIFT_CONFIRMED')]);
    } else if (returnsWith !== null) {
      this.#sayAll([word('RETURNED', returnsWith)]);
    } else if (signs) {
      const feedback = measureIds.map((measureId) => ({ measureId, result: feedsBack ?? '', caseCount: 1 }));
      this.#sayAll([word('SIGNED'), ...(feedsBack === null ? [] : [word('FED_BACK', null, feedback)])]);
    }
  }

  /** One after the other, each after the desk's own time. */
  #sayAll([next, ...rest]: readonly DeskWord[]): void {
    if (next === undefined) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#say(next);
      this.#sayAll(rest);
    }, this.#behaviour.delayMs);
    timer.unref();
    this.#timers.add(timer);
  }
}

/**
 * What others see of a desk.
 * @param alsoForget what its protocol has kept
 */
export function controlOf(desk: NoticeDesk, alsoForget: () => Promise<void> | void): DeskControl {
  return {
    behave: (behaviour) => desk.behave(behaviour),
    entries: () => desk.entries(),
    refusals: () => desk.refusals(),
    async forget() {
      desk.forget();
      await alsoForget();
    },
  };
}
