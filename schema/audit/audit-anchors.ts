/** Makes anchors now and then; one process at a time, by a lease. */
import type { Lease } from '../events/lease.ts';
import { HUB_OWNER } from '../signing/public-key.ts';
import type { Signer } from '../signing/signature.ts';
import { digestOfAnchor, signedAnchor, START_OF_ANCHORS, type Anchor } from './audit-anchor.ts';
import type { AuditStore } from './audit-store.ts';
import type { AuditTrail } from './audit-trail.ts';

export interface AuditAnchorsOptions {
  readonly store: AuditStore;
  readonly trail: Pick<AuditTrail, 'chain' | 'hasBegun'>;
  readonly signer: Signer;
  /** null: whoever is told to makes an anchor. */
  readonly lease: Lease | null;
  readonly onFailure: (error: unknown) => void;
  readonly now?: () => Date;
  readonly everyMs?: number;
}

export const ANCHOR_EVERY_MS = 60_000;
/** Chains of processes that were gone for so long when the newest anchor was made are in it. */
const LOOK_BACK_MS = 86_400_000;
const MOST_TRIES = 10;

export class AuditAnchors {
  readonly #options: AuditAnchorsOptions;
  readonly #now: () => Date;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: AuditAnchorsOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  start(): void {
    const tick = async (): Promise<void> => {
      await this.#noteOwn();
      if (this.#options.lease === null || (await this.#options.lease.take(this.#now()))) await this.anchor();
    };
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(tick).catch((error: unknown) => this.#options.onFailure(error));
    }, this.#options.everyMs ?? ANCHOR_EVERY_MS);
    this.#timer.unref();
  }

  /** Anchors what there is; to be called when the trail has been closed. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#running;
    try {
      await this.#noteOwn();
      await this.anchor();
      await this.#options.lease?.release();
    } catch (error) {
      this.#options.onFailure(error);
    }
  }

  /**
   * @returns null when no chain has grown since the newest anchor
   * @throws HubError SIGNING_UNAVAILABLE without a key of the hub
   */
  async anchor(): Promise<Anchor | null> {
    const { store, signer } = this.#options;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const newest = await store.newestAnchor();
      const at = this.#now();
      const heads = await store.grownChains(new Date((newest?.at ?? at).getTime() - LOOK_BACK_MS));
      if (heads.length === 0) return null;
      const previous = newest === null ? START_OF_ANCHORS : digestOfAnchor(newest);
      const unsigned = { number: (newest?.number ?? 0) + 1, at, heads, previous };
      const signature = await signer.sign(HUB_OWNER, Buffer.from(signedAnchor(unsigned)));
      const anchor = { ...unsigned, signature };
      if (!(await store.addAnchor(anchor))) continue;
      await store.noteAnchored(heads);
      return anchor;
    }
    throw new Error('others made anchors all the while');
  }

  async #noteOwn(): Promise<void> {
    const { store, trail } = this.#options;
    if (trail.hasBegun) await store.noteChain(trail.chain, this.#now());
  }
}
