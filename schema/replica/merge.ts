/**
 * Which of two things that the hub has heard about one record holds. The order is total, so the outcome does not depend
 * on the order in which they are heard, nor on how often. Pure.
 */
import type { SubjectKey } from '../ports.ts';
import { contentHash, type ReplicatedRecord } from './facts.ts';

/** What a department was seen to hold under one record id. */
export interface Observation {
  readonly recordId: string;
  /** The department's own time of the change; null where it names none. */
  readonly updatedAt: Date | null;
  /** null: heard in answer to a question, which does not say under what the department files the record. */
  readonly subjects: readonly SubjectKey[] | null;
  /** null: the department holds it no longer. */
  readonly record: ReplicatedRecord | null;
  /** Learned from a file: that the department's service does not have it does not say that it is gone. */
  readonly isFromFile?: boolean;
}

export interface Seen extends Observation {
  /** When the hub began to ask, by its own clock: a later question has the later truth. */
  readonly observedAt: Date;
  /** When the hub learned of it: later than it was observed where a file brought it. */
  readonly recordedAt: Date;
  /** '' for a record that is gone. */
  readonly hash: string;
}

export function seen(observation: Observation, observedAt: Date, recordedAt: Date): Seen {
  return {
    ...observation,
    observedAt,
    recordedAt,
    hash: observation.record === null ? '' : contentHash(observation.record),
  };
}

type Standing = Pick<Seen, 'observedAt' | 'updatedAt' | 'hash'>;

const byTime = (a: Date | null, b: Date | null): number =>
  (a?.getTime() ?? -Infinity) - (b?.getTime() ?? -Infinity) || 0;

/**
 * Positive when `a` holds over `b`: asked later; in one reading (duplicates are legal in exchange tables) changed
 * later; with one stamp, gone over there; else by content, so that the choice is the same everywhere.
 */
export function compareStanding(a: Standing, b: Standing): number {
  const asked = byTime(a.observedAt, b.observedAt);
  if (asked !== 0) return asked;
  if (a.updatedAt?.getTime() !== b.updatedAt?.getTime()) return byTime(a.updatedAt, b.updatedAt) > 0 ? 1 : -1;
  if (a.hash === b.hash) return 0;
  if (a.hash === '' || b.hash === '') return a.hash === '' ? 1 : -1;
  return a.hash > b.hash ? 1 : -1;
}

/** Of several sightings of one record the one that holds; subjects are kept from whichever sighting names them. */
export function strongest(sightings: readonly Seen[]): readonly Seen[] {
  const byId = new Map<string, Seen>();
  for (const sighting of sightings) {
    const known = byId.get(sighting.recordId);
    if (known === undefined) byId.set(sighting.recordId, sighting);
    else {
      const [winner, loser] = compareStanding(sighting, known) > 0 ? [sighting, known] : [known, sighting];
      byId.set(sighting.recordId, { ...winner, subjects: winner.subjects ?? loser.subjects });
    }
  }
  return [...byId.values()];
}
