// Screens a file with answers that are made up of the questions, batch by batch, until it is killed. Runs the built program.
import { setTimeout as delay } from 'node:timers/promises';
import { screenFile } from '../../dist/jobs/screening/screen-file.js';
import { answerTo } from './made-up-answers.mjs';

const [path, out, format] = process.argv.slice(2);
await screenFile({
  ...{ path, out, format, charset: null, column: null, kind: null, terms: 'test' },
  clock: { now: () => new Date() },
  async lookUp(keys) {
    // As slow as a store: whoever kills it meets it at work.
    await delay(20);
    return keys.map(answerTo);
  },
});
