/** The hub on a terminal. `script` (util-linux) gives it one. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, expect, it } from '@jest/globals';
import { projectRoot } from '../../schema/project-root.ts';
import { hubEnvironment, killHubs, program } from './support/hub-process.ts';

const SCRIPT = '/usr/bin/script';
const ESCAPE = '\u001b';
const CTRL_C = '\u0003';

let terminal: ChildProcess | null = null;
afterAll(() => {
  terminal?.kill('SIGKILL');
  killHubs();
});

(existsSync(SCRIPT) ? it : it.skip)(
  'prints its table whole, then how far the first reading is, then one line; Ctrl-C ends it',
  async () => {
    terminal = spawn(SCRIPT, ['-qefc', `exec ${process.execPath} ${program}`, '/dev/null'], {
      cwd: projectRoot,
      env: hubEnvironment({ HUB_WORLD_SIZE: '0' }),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => terminal?.once('exit', resolve));
    let text = '';
    await new Promise<void>((resolve, reject) => {
      terminal?.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (/replica complete[^\n]*\n/.test(text)) resolve();
      });
      void ended.then(() => reject(new Error(`The hub ended:\n${text}`)));
    });
    terminal.stdin?.write(CTRL_C);
    expect(await ended).toBe(0);
    const [table = ''] = text.split(ESCAPE);
    expect(table).toMatch(/^Joint credit hub\r\n/);
    expect(table).toMatch(/\r\nTry:\r\ncurl -s .*\r\n\r\n/);
    expect(text).toMatch(/feeds complete +[^\n]*\d+\/21/);
    expect(text).toMatch(/replica complete: \d{3,} records in \d+\.\d s\r\n/);
    expect(text.lastIndexOf(`${ESCAPE}[?25h`)).toBeGreaterThan(text.lastIndexOf(`${ESCAPE}[?25l`));
  },
  180_000,
);
