/**
 * Matters of the credit side: serious thresholds, repairs, false reports, ends of list entries. Each is an aggregate: one
 * document, written whole with the events that tell of a change and the messages that carry it. Pure.
 */
import { pendingIn, type Aggregate, type AggregateChange, type AggregateEvent } from '../aggregate/aggregate.ts';
import type { CreditCode } from '../codes/credit-code.ts';
import { isOpen, type Message } from '../delivery/message.ts';
import type { RegionCode } from '../region/region.ts';

export const CASE_TYPES = ['THRESHOLD', 'REPAIR', 'FALSE_REPORT', 'LIST_END'] as const;

export interface CreditEvent extends AggregateEvent {
  readonly kind: string;
  readonly actor: string;
  readonly caseId: string;
  readonly creditCode: CreditCode;
  readonly regionCode: RegionCode;
  /** Departments whose matter it is. */
  readonly departmentIds: readonly string[];
  readonly detail: string | null;
}

export interface CreditCase extends Aggregate<CreditEvent> {
  readonly type: (typeof CASE_TYPES)[number];
  readonly creditCode: CreditCode;
  readonly regionCode: RegionCode;
  readonly openedAt: Date;
  readonly departmentIds: readonly string[];
  /** When its clock has something to do next; null = never. */
  readonly nextClockAt: Date | null;
  readonly eventCount: number;
  /** To departments; of repairs only. Oldest first. */
  readonly messages: readonly Message[];
  /** Some message is open. */
  readonly hasOpen: boolean;
}

export const NEW_CASE = {
  ...{ revision: 1, eventCount: 0, pendingEvents: [], messages: [] },
  ...{ hasPending: false, pendingSince: null, hasOpen: false },
} as const;

/** Id of the event that {@link withEvent} makes next. */
export const nextEventId = ({ _id, eventCount }: Pick<CreditCase, '_id' | 'eventCount'>): string =>
  `${_id}.${eventCount + 1}`;

/** The case with one more event. */
export function withEvent<C extends CreditCase>(
  credit: C,
  { kind, at, actor, detail = null }: Pick<CreditEvent, 'kind' | 'at' | 'actor'> & { readonly detail?: string | null },
): C {
  const { _id: caseId, creditCode, regionCode, departmentIds } = credit;
  const event: CreditEvent = {
    ...{ eventId: nextEventId(credit), kind, at, actor, detail },
    ...{ caseId, creditCode, regionCode, departmentIds },
  };
  const pendingEvents = [...credit.pendingEvents, event];
  return { ...credit, eventCount: credit.eventCount + 1, pendingEvents, ...pendingIn({ pendingEvents }) };
}

/** The case with other messages. */
export const withMessages = <C extends CreditCase>(credit: C, messages: readonly Message[]): C => ({
  ...credit,
  messages,
  hasOpen: messages.some(isOpen),
});

/** One change of a case, of which nothing is written yet. */
export class CaseChange<C extends CreditCase> implements AggregateChange<C> {
  readonly #before: C;
  credit: C;

  constructor(
    credit: C,
    readonly now: Date,
  ) {
    this.#before = credit;
    this.credit = credit;
  }

  get isChanged(): boolean {
    return this.credit !== this.#before;
  }

  outcome(): C {
    return this.credit;
  }
}
