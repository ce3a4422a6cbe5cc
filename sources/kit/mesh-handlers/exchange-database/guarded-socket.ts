/**
 * Database drivers take a reply apart inside the event that brings its bytes. Where the bytes are not of their protocol
 * (another service behind the port) they throw there, past every caller, and the process would end. This socket ends
 * instead, with that error, which then reaches whoever waits for the reply. Encrypted connections do not need it: there
 * the handshake fails first.
 */
import { Socket } from 'node:net';

export class GuardedSocket extends Socket {
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event !== 'data') return super.emit(event, ...args);
    try {
      return super.emit(event, ...args);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new TypeError('bytes of another protocol'));
      return true;
    }
  }
}
