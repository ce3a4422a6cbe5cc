/** What happens to a recognition: checks, people's decisions, what becomes of what it rests on, and time. */
import type { RecognitionChange } from './change.ts';
import { replay, type Judgement, type Outcome } from './decide.ts';
import { endsAt } from './derive.ts';
import type { Evidence } from './evidence.ts';
import {
  lastDecision,
  type Decision,
  type Hold,
  type RecognitionState,
  type ReviewFlag,
  type ToldState,
} from './recognition.ts';
import { tellTargets } from './targets.ts';
import { dueAfter } from './time-limits.ts';

/** States in which it has not been settled. */
export const UNDECIDED = ['SUBMITTED', 'VERIFYING', 'NEED_MORE'] as const satisfies readonly RecognitionState[];
/** States in which departments rely on it, or did until they were told to stop. */
const RELIED_ON = ['RECOGNIZED', 'SYNCED', 'SUSPENDED'] as const satisfies readonly RecognitionState[];

/** While a source is silent. */
const SOON_MS = 30 * 60_000;
/**
 * What nobody tells of is looked at so often: reports that a register has withdrawn, above all, for the replica's projector
 * does not follow reports.
 */
const EVERY_MS = 6 * 3_600_000;

const isSilent = ({ checks }: Judgement): boolean => checks.some(({ doubt }) => doubt === 'SILENT');

const nextLook = (now: Date, silent: boolean): Date => new Date(now.getTime() + (silent ? SOON_MS : EVERY_MS));

function settle(change: RecognitionChange, decision: Decision): void {
  const { outcome, judgement, reason } = decision;
  const needsMore = outcome === 'NEED_MORE';
  change.set({
    decisions: [...change.recognition.decisions, decision],
    validTo: outcome === 'RECOGNIZED' ? judgement.validTo : null,
    decideBy: needsMore ? dueAfter('DECIDE', change.now) : null,
    isDecisionOverdue: false,
    recheckAt: outcome === 'RECOGNIZED' || (needsMore && isSilent(judgement)) ? nextLook(change.now, needsMore) : null,
  });
  const detail = reason ?? judgement.reasonCodes.join(' ');
  change.advance(UNDECIDED, outcome, 'decide', ...(detail === '' ? [] : [detail]));
  if (outcome === 'RECOGNIZED') tellTargets(change, 'RECOGNIZED');
}

/** What the checks say settles it, or leaves it to a person. */
export function verify(change: RecognitionChange, evidence: Evidence, judgement: Judgement): void {
  change.demandState(UNDECIDED, 'verify');
  if (change.recognition.state !== 'VERIFYING') change.advance(['SUBMITTED', 'NEED_MORE'], 'VERIFYING', 'verify');
  const { outcome } = judgement;
  settle(change, { at: change.now, actor: change.actor, manner: 'AUTO', outcome, reason: null, judgement, evidence });
}

/** A person settles what the checks could not; the judgement on which it rests is kept as it was. */
export function decideByHand(change: RecognitionChange, outcome: Outcome, reason: string): void {
  change.demandState(UNDECIDED, 'decide');
  const { judgement, evidence } = lastDecision(change.recognition);
  settle(change, { at: change.now, actor: change.actor, manner: 'MANUAL', outcome, reason, judgement, evidence });
}

/** Tells what the parts now amount to, to the log and to the departments. */
function tell(change: RecognitionChange, detail: string): void {
  change.tellState(detail);
  const { state } = change.recognition;
  const told: Partial<Record<RecognitionState, ToldState>> = {
    RECOGNIZED: 'RECOGNIZED',
    SYNCED: 'RECOGNIZED',
    SUSPENDED: 'SUSPENDED',
    REVOKED: 'REVOKED',
  };
  const word = told[state];
  if (word !== undefined) tellTargets(change, word);
}

/** A person revokes it, for good. One that was revoked because of what it rests on may be revoked for good, too. */
export function revoke(change: RecognitionChange, reason: string): void {
  const { revocation, state } = change.recognition;
  if (revocation === null) {
    change.demandState([...RELIED_ON, 'REVOKED', 'EXPIRED'], 'revoke');
    // What has expired was relied on all the same: its departments are told.
    if (state === 'EXPIRED') change.set({ state: 'REVOKED' });
    change.set({ revocation: { reason, at: change.now, actor: change.actor } });
    tell(change, reason);
    return;
  }
  change.demandState([...RELIED_ON, 'EXPIRED'], 'revoke');
}

/** What stands against it because of what it rests on; see `standing.ts`. The same again changes nothing. */
export interface Standing {
  readonly holds: readonly Hold[];
  readonly flags: readonly ReviewFlag[];
  /** Not everything could be looked at: what was known of the rest stays. */
  readonly isSilent: boolean;
  /** `changeCount` of the recognition when the look began. */
  readonly seenChanges: number;
}

const equal = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

export function applyStanding(change: RecognitionChange, standing: Standing): void {
  const { holds, flags, isSilent: silent, seenChanges } = standing;
  const { recognition } = change;
  if (recognition.restsOn === null) return;
  const isNew = flags.filter((flag) => !recognition.flags.some((each) => equal(each, flag)));
  const next = nextLook(change.now, silent);
  // What has changed since the look began is looked at once more.
  const isMeanwhile = recognition.changeCount !== seenChanges;
  const planned = recognition.recheckAt;
  if (!isMeanwhile && (planned === null || planned <= change.now || (silent && planned > next))) {
    change.set({ recheckAt: next });
  }
  if (!equal(recognition.flags, flags)) change.set({ flags });
  for (const { code, detail } of isNew) change.emit('REVIEW_FLAGGED', { detail: `${code} ${detail}` });
  if (equal(recognition.holds, holds)) return;
  change.set({ holds });
  tell(change, holds.map(({ code, detail }) => `${code} ${detail}`).join('; ') || 'nothing stands against it any more');
}

/** What the clock does: the end of its time, and time that others let pass. */
export function tick(change: RecognitionChange): void {
  const { now } = change;
  const end = endsAt(change.recognition);
  if (end !== null && end < now) {
    change.set({ expiredAt: now, recheckAt: null });
    change.tellState();
  }
  const { decideBy, isDecisionOverdue, targets } = change.recognition;
  if (decideBy !== null && decideBy < now && !isDecisionOverdue) {
    change.set({ isDecisionOverdue: true });
    change.emit('DECISION_OVERDUE');
  }
  for (const { departmentId, confirmBy, isOverdue } of targets) {
    if (confirmBy === null || confirmBy >= now || isOverdue) continue;
    change.setTarget(departmentId, { isOverdue: true });
    change.emit('SYNC_OVERDUE', { departmentId });
  }
}

/** Whether the decision of this kind would be made again from what was seen. */
export const isReproducible = ({ evidence, judgement }: Decision): boolean =>
  equal(replay(evidence, judgement), judgement);
