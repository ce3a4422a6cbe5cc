/**
 * `node --import movable-clock.mjs` gives a process, its threads and its children a clock that stands where a file says:
 * so many milliseconds ahead of the machine's. What an operator's clock may do, a test may do without waiting.
 */
import { readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';

const RealDate = Date;
const file = process.env.STORY_CLOCK_FILE ?? '';
const READ_EVERY_MS = 50;
let aheadMs = 0;

const read = () => {
  try {
    aheadMs = Number(readFileSync(file, 'utf8'));
  } catch {
    // Nobody has moved it yet.
  }
};
read();
setInterval(read, READ_EVERY_MS).unref();

const now = () => RealDate.now() + aheadMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, values, newTarget) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});
RealDate.prototype.constructor = globalThis.Date;
