/** How far what is computed from the replica has come; one small document per consumer. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { Feed } from './facts.ts';

export interface ProjectionState {
  /** The layout for which every institution has been given to the consumer; 0 = none. */
  readonly flagged: number;
  /** The layout in which everything was computed when it was last looked at; 0 = none yet. */
  readonly complete: number;
  /** Until when of each feed everything has been computed, by the hub's clock; feeds that were loaded only. */
  readonly heldAt: ReadonlyMap<Feed, Date>;
}

interface ProjectionStateDocument {
  readonly _id: string;
  readonly flagged?: number;
  readonly complete?: number;
  readonly heldAt?: Readonly<Record<string, Date>>;
}

const schema = new Schema<ProjectionStateDocument>(
  { _id: String, flagged: Number, complete: Number, heldAt: Schema.Types.Mixed },
  { collection: 'replica_projections', versionKey: false, id: false, autoIndex: false, autoCreate: false },
);

const KEPT_MS = 1_000;

export class ProjectionStates {
  readonly #model: Model<ProjectionStateDocument>;
  readonly #known = new Map<string, { readonly until: number; readonly state: Promise<ProjectionState> }>();

  constructor(connection: Connection) {
    const name = 'ReplicaProjection';
    this.#model = connection.models[name] ?? connection.model<ProjectionStateDocument>(name, schema);
  }

  async of(consumer: string): Promise<ProjectionState> {
    const stored = await this.#model.findById(consumer).lean<ProjectionStateDocument>();
    const { flagged = 0, complete = 0, heldAt = {} } = stored ?? {};
    return { flagged, complete, heldAt: new Map(Object.entries(heldAt) as [Feed, Date][]) };
  }

  /** As {@link of}, at most a second old: every list needs it. */
  known(consumer: string): Promise<ProjectionState> {
    const now = performance.now();
    const known = this.#known.get(consumer);
    if (known !== undefined && known.until > now) return known.state;
    const state = this.of(consumer);
    this.#known.set(consumer, { until: now + KEPT_MS, state });
    state.catch(() => this.#known.delete(consumer));
    return state;
  }

  async noteFlagged(consumer: string, layout: number): Promise<void> {
    await this.#model.updateOne({ _id: consumer }, { $max: { flagged: layout } }, { upsert: true });
  }

  /** Everything that the replica held at these times has been computed. States move forward only. */
  async noteComplete(consumer: string, layout: number, heldAt: ReadonlyMap<Feed, Date>): Promise<void> {
    const times = Object.fromEntries([...heldAt].map(([feed, at]) => [`heldAt.${feed}`, at]));
    await this.#model.updateOne({ _id: consumer }, { $max: { complete: layout, ...times } }, { upsert: true });
    this.#known.delete(consumer);
  }
}
