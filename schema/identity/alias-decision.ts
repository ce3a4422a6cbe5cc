/** What people have decided about one local number, and what a further act makes of it. Pure. */
import type { CreditCode } from '../codes/credit-code.ts';
import { HubError } from '../errors.ts';
import { formatInstant } from '../time/instant.ts';
import type { MatchEvidence } from './match-evidence.ts';
import type { Confirmation } from './station-decisions.ts';

export type AliasActKind = 'CONFIRM' | 'REJECT' | 'UNDO';

/** An act on one pair of number and institution, as it is kept for ever. */
export interface AliasEvent {
  readonly kind: AliasActKind;
  readonly creditCode: CreditCode;
  readonly by: string;
  readonly at: Date;
  readonly note: string | null;
  /** What spoke for and against the match when the act was done. */
  readonly evidence: readonly MatchEvidence[];
}

/** Somebody says that the number is this institution's, or that it is not. */
interface Statement extends AliasEvent {
  readonly kind: 'CONFIRM' | 'REJECT';
}

/** Takes back what was said. */
interface Undoing extends Omit<AliasEvent, 'creditCode'> {
  readonly kind: 'UNDO';
  /** Of these institutions. */
  readonly creditCodes: readonly CreditCode[];
}

export type AliasAct = Statement | Undoing;

export interface AliasDecision {
  readonly departmentId: string;
  readonly localId: string;
  /** Whose it is; null = the rules say. */
  readonly confirmed: Confirmation | null;
  /** Whose it is not, by whom and when. */
  readonly rejected: readonly Confirmation[];
  /** Every act, oldest first. */
  readonly history: readonly AliasEvent[];
}

export const undecided = (departmentId: string, localId: string): AliasDecision => ({
  departmentId,
  localId,
  confirmed: null,
  rejected: [],
  history: [],
});

/**
 * The decision after an act; the same object when the act only repeats what is on record, whoever said it.
 * @throws HubError CONFLICT when the act contradicts what is on record
 */
export function decide(held: AliasDecision, act: AliasAct): AliasDecision {
  if (act.kind === 'UNDO') return undo(held, act);
  return act.kind === 'CONFIRM' ? confirm(held, act) : reject(held, act);
}

function confirm(held: AliasDecision, act: Statement): AliasDecision {
  const { creditCode, by, at } = act;
  const { confirmed } = held;
  if (confirmed?.creditCode === creditCode) return held;
  if (confirmed !== null) throw conflict(`It is confirmed for ${inWords(confirmed)}; undo that first.`);
  const rejection = held.rejected.find((each) => each.creditCode === creditCode);
  if (rejection !== undefined) throw conflict(`It is rejected for ${inWords(rejection)}; undo that first.`);
  return { ...held, confirmed: { creditCode, by, at }, history: [...held.history, act] };
}

function reject(held: AliasDecision, act: Statement): AliasDecision {
  const { creditCode, by, at } = act;
  const { confirmed, rejected } = held;
  if (rejected.some((each) => each.creditCode === creditCode)) return held;
  if (confirmed?.creditCode === creditCode)
    throw conflict(`It is confirmed for ${inWords(confirmed)}; undo that first.`);
  return { ...held, rejected: [...rejected, { creditCode, by, at }], history: [...held.history, act] };
}

function undo(held: AliasDecision, act: Undoing): AliasDecision {
  const { creditCodes, ...event } = act;
  const isMeant = ({ creditCode }: Confirmation): boolean => creditCodes.includes(creditCode);
  const undone = inForce(held).filter(isMeant);
  if (undone.length === 0) throw new HubError('CONFLICT', 'No decision about this number stands that could be undone.');
  return {
    ...held,
    confirmed: held.confirmed !== null && isMeant(held.confirmed) ? null : held.confirmed,
    rejected: held.rejected.filter((each) => !isMeant(each)),
    history: [...held.history, ...undone.map(({ creditCode }) => ({ ...event, creditCode }))],
  };
}

/** Every pair on which a decision stands. */
export const inForce = ({ confirmed, rejected }: AliasDecision): readonly Confirmation[] => [
  ...(confirmed === null ? [] : [confirmed]),
  ...rejected,
];

const inWords = ({ creditCode, by, at }: Confirmation): string => `${creditCode} by "${by}" at ${formatInstant(at)}`;

const conflict = (message: string): HubError =>
  new HubError('CONFLICT', `This number is decided otherwise. ${message}`);
