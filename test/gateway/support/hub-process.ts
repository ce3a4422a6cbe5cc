/** The built hub as an operator starts it: `node dist/gateway/main.js`, or its command line beside it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectRoot } from '../../../schema/project-root.ts';

const programs = join(projectRoot, 'dist', 'gateway');
export const program = join(programs, 'main.js');

const running = new Set<ChildProcess>();
const folders: string[] = [];

/** A data folder of one's own; removed at the end of the test file. */
export function newDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hub-data-'));
  folders.push(folder);
  return folder;
}

/** For the end of a test file: a test that failed half-way leaves nothing behind. */
export function killHubs(): void {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Environment of a hub with a data folder of its own, on any free port. */
export function hubEnvironment(environment: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    PORT: '0',
    HUB_WORLD_SIZE: '20',
    HUB_DATA_DIR: newDataFolder(),
    ...environment,
  };
}

export class HubProcess {
  readonly child: ChildProcess;
  #stdout = '';
  #stderr = '';
  readonly #exit: Promise<number | null>;

  /** @param words program and arguments, e.g. ['hub.js', 'doctor'] */
  constructor(environment: Readonly<Record<string, string>> = {}, words: readonly string[] = ['main.js']) {
    const [name = '', ...rest] = words;
    const path = join(programs, name);
    if (!existsSync(path)) throw new Error(`${path} is missing; run: npm run build`);
    this.child = spawn(process.execPath, [path, ...rest], {
      cwd: projectRoot,
      env: hubEnvironment(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
    running.add(this.child);
    this.#exit = new Promise((resolve) => {
      this.child.once('close', (code) => {
        running.delete(this.child);
        resolve(code);
      });
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Waits for the table. @returns the graph's address */
  async started(timeoutMs = 60_000): Promise<string> {
    await this.until('start', () => this.#stdout.includes('Try:\n'), timeoutMs);
    return /^Graph +(\S+)$/m.exec(this.#stdout)?.[1] ?? '';
  }

  /** Waits for what it writes. @param what it does then, in words */
  async until(what: string, isSo: () => boolean, timeoutMs = 60_000): Promise<void> {
    const giveUpAt = Date.now() + timeoutMs;
    while (!isSo()) {
      if (Date.now() > giveUpAt || this.child.exitCode !== null)
        throw new Error(`The hub did not ${what}:\n${this.#stdout}${this.#stderr}`);
      await delay(50);
    }
  }

  /** Waits until it has said so, on either output. */
  async says(text: string, timeoutMs = 60_000): Promise<void> {
    const giveUpAt = Date.now() + timeoutMs;
    while (!`${this.#stdout}${this.#stderr}`.includes(text)) {
      if (Date.now() > giveUpAt || this.child.exitCode !== null) {
        throw new Error(`The hub did not say "${text}":\n${this.#stdout}${this.#stderr}`);
      }
      await delay(50);
    }
  }

  /** As if its machine had lost its power. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#exit;
  }

  /** Process ids of its children (Linux). */
  childPids(): readonly number[] {
    const file = `/proc/${this.child.pid ?? 0}/task/${this.child.pid ?? 0}/children`;
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number) : [];
  }

  /** @returns the exit code */
  async ended(timeoutMs = 30_000): Promise<number | null> {
    return await Promise.race([
      this.#exit,
      delay(timeoutMs, null, { ref: false }).then(() => {
        throw new Error(`The hub did not end:\n${this.#stdout}${this.#stderr}`);
      }),
    ]);
  }

  async stop(): Promise<number | null> {
    if (this.child.exitCode === null) this.child.kill('SIGTERM');
    return await this.ended();
  }
}

export async function isGone(pid: number, timeoutMs = 5_000): Promise<boolean> {
  const giveUpAt = Date.now() + timeoutMs;
  while (Date.now() < giveUpAt) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await delay(50);
  }
  return false;
}
