/** What the source of a subscription gives, whatever it tells of. The gateway executes the operation once per event. */
export interface StreamItem<E> {
  /** Continue after this one; null where the source cannot be continued. */
  readonly cursor: string | null;
  /** null: up to here nothing more is meant for this subscriber. Nothing is sent for it, but it may go on from here. */
  readonly event: E | null;
}
