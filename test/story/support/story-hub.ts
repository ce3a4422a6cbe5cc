/**
 * One hub as an operator starts it, with its reference departments, seen as its users see it: the graph with API keys, the
 * command line, and the desks of the departments at the control address. Its clock can be put forward.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import mongoose, { type Connection } from 'mongoose';
import { z } from 'zod';
import { readAnnouncement } from '../../../jobs/embedded/data-folder.ts';
import { openQueueBackend, type QueueBackend } from '../../../jobs/queue/queue-backend.ts';
import { ApiKeys } from '../../../schema/access/api-keys.ts';
import type { Role } from '../../../schema/access/caller.ts';
import { projectRoot } from '../../../schema/project-root.ts';
import type { FaultCommand } from '../../../sources/kit/upstream/faults.ts';
import type { DeskBehaviour } from '../../../sources/kit/upstream/notice-desk.ts';
import { hubEnvironment, HubProcess, newDataFolder } from '../../gateway/support/hub-process.ts';

const run = promisify(execFile);
const DAY_MS = 86_400_000;
/** Where a department's own endpoint may be. */
export const OWN_ADDRESS = '127.0.0.1:65000';
/** By then every thread has read where its clock stands. */
const CLOCK_READ_MS = 200;

const Answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.looseObject({ code: z.string() }) }))
    .optional()
    .default([]),
});
export type Answer = z.infer<typeof Answer>;

const Desk = z.object({
  received: z.array(
    z.object({
      message: z.object({
        id: z.string(),
        type: z.string(),
        deliveryId: z.string(),
        signedText: z.string(),
        signature: z.object({ algorithm: z.enum(['SM2_SM3', 'ED25519']), keyId: z.string(), value: z.string() }),
      }),
      copies: z.number(),
    }),
  ),
  refused: z.array(z.object({ deliveryId: z.string(), reason: z.string() })),
});
export type Desk = z.infer<typeof Desk>;

/** Somebody who asks the hub. */
export interface User {
  ask(query: string, variables?: object): Promise<Answer>;
}

export class StoryHub {
  readonly #settings: Readonly<Record<string, string>>;
  #process: HubProcess;
  readonly #clockFolder = mkdtempSync(join(tmpdir(), 'hub-clock-'));
  readonly #dataFolder = newDataFolder();
  #aheadMs = 0;
  #graph = '';
  #control = '';
  #store: Connection | null = null;
  #queue: QueueBackend | null = null;

  private constructor() {
    this.#settings = {
      HUB_DATA_DIR: this.#dataFolder,
      HUB_WORLD_SIZE: '5',
      HUB_HEAR_SECONDS: '1',
      HUB_SYNC_SECONDS: '3600',
      HUB_CALLBACK_ALLOW: OWN_ADDRESS,
      LOG_LEVEL: 'silent',
      STORY_CLOCK_FILE: join(this.#clockFolder, 'ahead-ms'),
      NODE_OPTIONS: `--import=${join(import.meta.dirname, 'movable-clock.mjs')}`,
    };
    this.#process = new HubProcess(this.#settings);
  }

  static async start(): Promise<StoryHub> {
    const hub = new StoryHub();
    await hub.#open();
    return hub;
  }

  /** Kills it in the midst of whatever it does, and starts it again on what it has written. */
  async killAndStart(): Promise<void> {
    await this.#close();
    this.#process.child.kill('SIGKILL');
    await this.#process.ended();
    this.#process = new HubProcess(this.#settings);
    await this.#open();
  }

  /** The hub's clock, not the machine's. */
  get now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }

  /** Puts the clock of hub and departments forward; what the hub does by its clock every minute it does then. */
  async pass(days: number): Promise<void> {
    this.#aheadMs += days * DAY_MS;
    writeFileSync(join(this.#clockFolder, 'ahead-ms'), String(this.#aheadMs));
    await delay(CLOCK_READ_MS);
    await this.#queue?.queue('notice-clock').add({ v: 1 });
  }

  /** `npm run hub -- ...` @returns what it prints; @throws when it ends with another code than 0 */
  async command(...words: readonly string[]): Promise<string> {
    const program = join(projectRoot, 'dist', 'gateway', 'hub.js');
    const { stdout } = await run(process.execPath, [program, ...words], {
      env: hubEnvironment(this.#settings),
      cwd: projectRoot,
    });
    return stdout;
  }

  /** With an API key as `keys create` prints it. */
  userWith(token: string): User {
    return { ask: (query, variables) => this.#ask(query, variables, { authorization: `Bearer ${token}` }) };
  }

  /** @param departmentId null = of no department */
  async user(subject: string, role: Role, departmentId: string | null): Promise<User> {
    if (this.#store === null) throw new Error('the hub has not started');
    const key = { subject, departmentId, roles: [role], regions: ['52'], expiresAt: null };
    return this.userWith((await new ApiKeys(this.#store).create(key)).token);
  }

  readonly public: User = { ask: (query, variables) => this.#ask(query, variables, {}) };

  async desk(departmentId: string): Promise<Desk> {
    return Desk.parse(await this.#tell('GET', `/notices/${departmentId}`));
  }

  async behave(departmentId: string, behaviour: z.input<typeof DeskBehaviour>): Promise<void> {
    await this.#tell('PUT', `/notices/${departmentId}`, behaviour);
  }

  /** @param kind null ends it */
  async fault(departmentId: string, kind: FaultCommand['kind'] | null): Promise<void> {
    await this.#tell(kind === null ? 'DELETE' : 'PUT', `/faults/${departmentId}`, kind === null ? undefined : { kind });
  }

  async stop(): Promise<void> {
    await this.#close();
    await this.#process.stop();
    rmSync(this.#clockFolder, { recursive: true, force: true });
  }

  async #open(): Promise<void> {
    this.#graph = await this.#process.started();
    this.#control = /^Upstream control +(\S+)$/m.exec(this.#process.stdout)?.[1] ?? '';
    const { store = '', queue: url = '' } = (await readAnnouncement(this.#dataFolder)) ?? {};
    this.#store = await mongoose.createConnection(store).asPromise();
    this.#queue = openQueueBackend({ kind: 'postgres', url });
  }

  async #close(): Promise<void> {
    await Promise.all([this.#store?.close(), this.#queue?.close()]);
  }

  async #ask(query: string, variables: object = {}, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const answer = await fetch(this.#graph, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return Answer.parse(await answer.json());
  }

  async #tell(method: string, path: string, body?: object): Promise<unknown> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const answer = await fetch(`${this.#control}${path}`, init);
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return await answer.json();
  }
}

/** Asks again and again until the answer is the one that is waited for. */
export async function until<T>(read: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (isSo(value)) return value;
    await delay(100);
  }
}
