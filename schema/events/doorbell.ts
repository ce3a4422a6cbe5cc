/** Tells processes that something may have happened. A hint at most: whoever listens also looks by itself now and then. */
import { EventEmitter } from 'node:events';

/** pending: an aggregate has events that are not numbered yet. logged: the log has grown. */
export type Bell = 'pending' | 'logged';

export interface Doorbell {
  ring(bell: Bell): void;
  /** @returns ends the listening */
  listen(bell: Bell, heard: () => void): () => void;
}

/** Within one process. */
export function localDoorbell(): Doorbell {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  return {
    ring: (bell) => void emitter.emit(bell),
    listen(bell, heard) {
      emitter.on(bell, heard);
      return () => void emitter.off(bell, heard);
    },
  };
}
