/** One connection to the exchange database. */
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import iconv from 'iconv-lite';
import type { FaultCommand } from '../../kit/upstream/faults.ts';
import type { Gate } from './gate.ts';
import {
  ASK_FOR_PASSWORD,
  errorResponse,
  mapRowTexts,
  message,
  READY_FOR_QUERY,
  reverseRows,
  textUpToNul,
  WELCOME,
} from './messages.ts';

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;
/** Messages of another protocol that happens to have lengths. */
const GARBAGE = Buffer.concat([message('?', Buffer.from('login')), message('<', Buffer.from('html'))]);

/** What a client that takes GBK bytes for Latin-1 makes of a text. */
function misread(text: string): string {
  return /^\p{ASCII}*$/u.test(text) ? text : iconv.encode(text, 'gbk').toString('latin1');
}

export class Session {
  readonly #gate: Gate;
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);
  #state: 'startup' | 'password' | 'ready' = 'startup';
  #settings = new Map<string, string>();
  /** Messages since the last Sync. */
  #batch: Buffer[] = [];
  readonly #statements = new Map<string, string>();
  #bound = '';
  /** Tables to which the messages since the last Sync add rows. */
  #inserted: string[] = [];
  /** Replies go out in the order of what was asked. */
  #last: Promise<void> = Promise.resolve();

  constructor(gate: Gate, socket: Socket) {
    this.#gate = gate;
    this.#socket = socket;
  }

  receive(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    while (this.#takeMessage());
  }

  /** @returns false when the next message is not there yet */
  #takeMessage(): boolean {
    const header = this.#state === 'startup' ? 0 : 1;
    if (this.#bytes.length < header + 4) return false;
    const end = header + this.#bytes.readInt32BE(header);
    if (end < header + 4 || end > 64 * 1024 * 1024) {
      this.#socket.destroy();
      return false;
    }
    if (this.#bytes.length < end) return false;
    const whole = this.#bytes.subarray(0, end);
    this.#bytes = this.#bytes.subarray(end);
    const body = whole.subarray(header + 4);
    if (this.#state === 'startup') this.#startUp(body);
    else if (this.#state === 'password') this.#logIn(textUpToNul(body));
    else this.#converse(String.fromCharCode(whole.readUInt8(0)), whole, body);
    return true;
  }

  #startUp(body: Buffer): void {
    const code = body.readInt32BE(0);
    if (code === CANCEL_REQUEST) {
      this.#socket.end();
      return;
    }
    if (this.#gate.fault?.kind === 'half-open') return;
    if (code === SSL_REQUEST || code === GSS_REQUEST) {
      this.#socket.write('N');
      return;
    }
    const words = body.subarray(4).toString('utf8').split('\0');
    for (let place = 0; place + 1 < words.length; place += 2) {
      this.#settings.set(words[place] ?? '', words[place + 1] ?? '');
    }
    this.#state = 'password';
    this.#socket.write(this.#gate.fault?.kind === 'garbage' ? GARBAGE : ASK_FOR_PASSWORD);
  }

  #logIn(password: string): void {
    const { user, password: expected, database } = this.#gate.credentials;
    if (this.#gate.fault?.kind === 'half-open') return;
    if (this.#settings.get('user') !== user || password !== expected) {
      this.#socket.end(errorResponse('FATAL', '28P01', 'password authentication failed'));
    } else if (this.#settings.get('database') !== database) {
      this.#socket.end(errorResponse('FATAL', '3D000', 'database does not exist'));
    } else {
      this.#state = 'ready';
      this.#socket.write(WELCOME);
    }
  }

  #converse(type: string, whole: Buffer, body: Buffer): void {
    if (type === 'X') {
      this.#socket.end();
      return;
    }
    this.#batch.push(whole);
    if (type === 'P') this.#statements.set(textUpToNul(body), textUpToNul(body, body.indexOf(0) + 1));
    if (type === 'B') this.#bound = this.#statements.get(textUpToNul(body, body.indexOf(0) + 1)) ?? '';
    if (type === 'E') this.#count(this.#bound);
    if (type === 'Q') this.#count(textUpToNul(body));
    if (type !== 'Q' && type !== 'S' && type !== 'H') return;
    const messages = Buffer.concat(this.#batch.splice(0));
    const inserted = this.#inserted.splice(0);
    const fault = this.#gate.fault;
    this.#last = this.#last
      .then(() => this.#answer(messages, inserted, fault))
      .catch(() => void this.#socket.destroy());
  }

  /** Counts a statement as what it does and to which table, and remembers where it adds rows. */
  #count(statement: string): void {
    const verb = /[a-z]+/i.exec(statement)?.[0].toUpperCase() ?? '';
    const table = /\bQZ_\w+/i.exec(statement)?.[0].toUpperCase();
    this.#gate.counter.count(table === undefined ? verb : `${verb} ${table}`);
    if (verb === 'INSERT' && table !== undefined) this.#inserted.push(table);
  }

  async #answer(messages: Buffer, inserted: readonly string[], fault: FaultCommand | null): Promise<void> {
    if (fault?.kind === 'half-open') return;
    if (fault?.kind === 'slow') await delay(fault.delayMs, undefined, { ref: false });
    if (fault?.kind === 'garbage') {
      this.#socket.write(GARBAGE);
      return;
    }
    if (fault?.kind === 'refused') {
      this.#socket.write(
        Buffer.concat([errorResponse('ERROR', '42501', 'permission denied for schema public'), READY_FOR_QUERY]),
      );
      return;
    }
    const reply = await this.#gate.engine.exchange(this, messages);
    for (const table of inserted) this.#gate.onInserted(table);
    if (fault?.kind === 'truncated') {
      this.#socket.write(reply.subarray(0, Math.floor(reply.length / 2)), () => this.#socket.destroy());
    } else if (fault?.kind === 'wrong-charset') {
      this.#socket.write(mapRowTexts(reply, misread));
    } else {
      this.#socket.write(fault?.kind === 'out-of-order' ? reverseRows(reply) : reply);
    }
  }
}
