import type { Amendment } from './amendment.ts';
import type { FaultCommand } from './faults.ts';
import type { DeskControl } from './notice-desk.ts';

/** Where a desk that speaks by mutation finds the hub. */
export interface HubAddress {
  /** e.g. "http://127.0.0.1:4000/graphql" */
  readonly graphUrl: string;
  /** API key of the department. */
  readonly token: string;
}

/** A running stand-in for one department's system. */
export interface ReferenceUpstream {
  readonly departmentId: string;
  /** Where it listens, e.g. "http://127.0.0.1:41001". */
  readonly address: string;
  /** The hub's settings for this department: endpoint and the credentials that this upstream accepts. */
  readonly environment: Readonly<Record<string, string>>;
  /** Switches a fault on; null switches all faults off. Resolves when it is in force. */
  setFault(fault: FaultCommand | null): Promise<void>;
  /**
   * Changes what the department holds. Resolves when it is in force.
   * @throws Error when there is no such record
   */
  amend(amendment: Amendment): Promise<void>;
  /** The department's desk for notices; absent where it takes none. */
  readonly desk?: DeskControl;
  /** Where the hub is to send notices, and the secret for their signature; absent where its own protocol takes them. */
  readonly webhook?: { readonly url: string; readonly secret: string };
  /** Tells a desk that speaks by mutation where: what it has to say waits until then. */
  connectToHub?(hub: HubAddress): void;
  /** Calls answered or refused since the last reset, by operation name of its own protocol. */
  calls(): Readonly<Record<string, number>>;
  resetCalls(): void;
  close(): Promise<void>;
}

export class CallCounter {
  #counts: Record<string, number> = {};

  count(operation: string): void {
    this.#counts[operation] = (this.#counts[operation] ?? 0) + 1;
  }

  counts(): Readonly<Record<string, number>> {
    return { ...this.#counts };
  }

  reset(): void {
    this.#counts = {};
  }
}
