/** What was changed in the service since it started; laid over the world, which is shared and never changes. */
import type { z } from 'zod';
import type { Amendment } from '../../kit/upstream/amendment.ts';
import type { WorldInstitution } from '../../world/types.ts';
import { HELD_KINDS, recordIdOf } from './holdings.ts';
import type { HeldKind, Holding } from './holdings.ts';
import type { WireRow } from './native.ts';

interface State {
  readonly owner: WorldInstitution;
  readonly changes: number;
  readonly isSpoilt: boolean;
  /** Gone from all answers; what was withdrawn with a word leaves a row with its flag in the feed. */
  readonly gone: 'no' | 'withdrawn' | 'vanished';
  /** When the present state was announced; null where it never was. */
  readonly announcedAt: Date | null;
  /** When the office says that it touched the row; null where it is as it was. */
  readonly touchedAt: Date | null;
}

/** A record that stands elsewhere in the feed than at its first collection. */
export interface AnnouncedRecord {
  readonly owner: WorldInstitution;
  readonly recordId: string;
  readonly at: Date;
  readonly isWithdrawn: boolean;
}

export class Amendments {
  readonly #holdings: Readonly<Record<HeldKind, Holding>>;
  readonly #states: Readonly<Record<HeldKind, Map<string, State>>>;
  readonly #announced = new Map<HeldKind, readonly AnnouncedRecord[]>();

  constructor(holdings: Readonly<Record<HeldKind, Holding>>) {
    this.#holdings = holdings;
    this.#states = {
      institutions: new Map(),
      qualifications: new Map(),
      reports: new Map(),
      penalties: new Map(),
      listEntries: new Map(),
      certificates: new Map(),
    };
  }

  /** @throws Error when there is no such record, or it is withdrawn and something else than its return is asked for */
  amend({ read, recordId, kind, at, silently }: z.output<typeof Amendment>): void {
    const held = HELD_KINDS.find((each) => each === read);
    if (held === undefined) throw new Error(`market regulation holds no ${read}`);
    const state = this.#states[held].get(recordId) ?? this.#first(held, recordId);
    if (state === undefined) throw new Error(`market regulation holds no record ${recordId} among its ${read}`);
    if (state.gone !== 'no' && (kind === 'CHANGE' || kind === 'SPOIL'))
      throw new Error(`the record ${recordId} is withdrawn`);
    const announcedAt = silently ? state.announcedAt : at;
    const touchedAt = silently ? state.touchedAt : at;
    this.#states[held].set(recordId, { ...state, announcedAt, ...afterwards(state, kind, silently, touchedAt) });
    this.#announced.delete(held);
  }

  /** Rows as every answer gives them now. */
  shown(kind: HeldKind, rows: readonly WireRow[]): readonly WireRow[] {
    const states = this.#states[kind];
    if (states.size === 0) return rows;
    const holding = this.#holdings[kind];
    return rows.flatMap((row) => {
      const state = states.get(recordIdOf(holding, row));
      if (state === undefined) return [row];
      return state.gone === 'no' ? [rowIn(state, row, holding)] : [];
    });
  }

  isGone(kind: HeldKind, recordId: string): boolean {
    return (this.#states[kind].get(recordId)?.gone ?? 'no') !== 'no';
  }

  /** When the office touched a record last, where that is not what the world says. */
  touchedAt(kind: HeldKind, recordId: string): Date | null {
    return this.#states[kind].get(recordId)?.touchedAt ?? null;
  }

  /** Whether the feed gives a record where it stood at its first collection. */
  isInPlace(kind: HeldKind, recordId: string): boolean {
    const state = this.#states[kind].get(recordId);
    return state === undefined || (state.gone === 'no' && state.announcedAt === null);
  }

  /** How many records are gone without a word. */
  vanished(kind: HeldKind): number {
    return [...this.#states[kind].values()].filter(({ gone }) => gone === 'vanished').length;
  }

  /** Records that a word was given about, in order of time and record id. */
  announced(kind: HeldKind): readonly AnnouncedRecord[] {
    let announced = this.#announced.get(kind);
    if (announced === undefined) {
      announced = [...this.#states[kind]]
        .flatMap(([recordId, { owner, gone, announcedAt: at }]) =>
          at === null || gone === 'vanished' ? [] : [{ owner, recordId, at, isWithdrawn: gone === 'withdrawn' }],
        )
        .sort((left, right) => left.at.getTime() - right.at.getTime() || (left.recordId < right.recordId ? -1 : 1));
      this.#announced.set(kind, announced);
    }
    return announced;
  }

  #first(kind: HeldKind, recordId: string): State | undefined {
    const holding = this.#holdings[kind];
    const owner = holding.ownerOf(recordId);
    if (owner === undefined) return undefined;
    return holding.rowsOf(owner).some((row) => recordIdOf(holding, row) === recordId)
      ? { owner, changes: 0, isSpoilt: false, gone: 'no', announcedAt: null, touchedAt: null }
      : undefined;
  }
}

function afterwards(
  state: State,
  kind: z.output<typeof Amendment>['kind'],
  silently: boolean,
  touchedAt: Date | null,
): Partial<State> {
  switch (kind) {
    case 'CHANGE':
      return { changes: state.changes + 1, touchedAt };
    case 'SPOIL':
      return { isSpoilt: true, touchedAt };
    case 'WITHDRAW':
      return { gone: silently ? 'vanished' : 'withdrawn' };
    case 'RESTORE':
      return { changes: 0, isSpoilt: false, gone: 'no', touchedAt: null };
  }
}

function rowIn({ changes, isSpoilt, touchedAt }: State, row: WireRow, holding: Holding): WireRow {
  const changed = changes === 0 ? row : holding.changed(row, changes);
  const touched = touchedAt === null ? changed : holding.touchedAt(changed, touchedAt);
  return isSpoilt ? { ...touched, ...holding.nonsense } : touched;
}
