/** Notices to several departments on a real store and queue, a recipient of their webhooks, and workers to be killed. */
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDoorbell, type SharedDoorbell } from '../../jobs/queue/doorbell.ts';
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts';
import { newEndpoint } from '../../schema/delivery/endpoint.ts';
import { EndpointStore } from '../../schema/delivery/endpoint-store.ts';
import { SecretBox } from '../../schema/delivery/secret-box.ts';
import { takeTo } from '../../schema/notice/case.ts';
import { noticeLog } from '../../schema/notice/notice-log.ts';
import { NoticeStore } from '../../schema/notice/notice-store.ts';
import type { Notice } from '../../schema/notice/notice.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { institutionCode } from '../../sources/world/codes.ts';
import { blankNotice, changed } from '../notice/cases.ts';
import type { QueueServer } from '../queue/servers.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';
import { auditOf, type Audit } from './audit.ts';
import type { WorkerOrder } from './notice-worker-process.ts';
import { Recipient } from './recipient.ts';

export interface Size {
  readonly subjects: number;
  readonly noticesEach: number;
  /** Recipients of each notice. */
  readonly departments: number;
}

const PROGRAM = join(projectRoot, 'dist/test/chaos/notice-worker-process.js');
const WRITERS = 8;
const DELIVERIES_AT_ONCE = 32;
const CALL_TIMEOUT_MS = 2_000;
/** Nobody is held back: it is the worker that is tried. */
const UNBOUNDED = { ratePerSecond: 100_000, concurrency: 1_000, description: null };

export class DeliveryWorld {
  readonly recipient: Recipient;
  readonly size: Size;
  readonly backend: QueueBackend;
  readonly notices: NoticeStore;
  readonly #doorbell: SharedDoorbell;
  readonly #store: StoreUnderTest;
  readonly #order: WorkerOrder;
  readonly #workers = new Set<ChildProcess>();

  private constructor(size: Size, store: StoreUnderTest, recipient: Recipient, order: WorkerOrder) {
    this.size = size;
    this.#store = store;
    this.recipient = recipient;
    this.#order = order;
    const doorbell = openDoorbell(order.queue, order.prefix);
    this.#doorbell = doorbell;
    this.notices = new NoticeStore(store.connection, { onPending: () => doorbell.ring('pending') });
    this.backend = openQueueBackend(order.queue, order.prefix);
  }

  /** The queue server stays the caller's. */
  static async open({ address }: QueueServer, size: Size): Promise<DeliveryWorld> {
    const [store, folder] = await Promise.all([openStore(), mkdtemp(join(tmpdir(), 'hub-keys-'))]);
    const [key, secret] = [randomBytes(32), `whsec_${randomBytes(32).toString('base64')}`];
    const recipient = new Recipient(secret);
    const url = await recipient.listen();
    const world = new DeliveryWorld(size, store, recipient, {
      storeUri: store.uri,
      databaseName: store.connection.name,
      queue: address,
      prefix: `chaos${randomUUID().replaceAll('-', '')}`,
      secretsKey: key.toString('base64'),
      signingKeysFolder: folder,
      callTimeoutMs: CALL_TIMEOUT_MS,
      deliveriesAtOnce: DELIVERIES_AT_ONCE,
    });
    const endpoints = new EndpointStore(store.connection);
    await Promise.all([world.notices.open(), noticeLog(store.connection).open(), endpoints.open()]);
    const box = new SecretBox(key);
    for (const departmentId of world.#departments()) {
      const id = randomUUID();
      const act = { by: 'test', at: new Date() };
      await endpoints.insert(
        newEndpoint({ id, departmentId, sealed: box.seal(secret, id) }, { ...UNBOUNDED, url }, act),
      );
    }
    return world;
  }

  get deliveries(): number {
    return this.size.subjects * this.size.noticesEach * this.size.departments;
  }

  /** Publishes all notices, those of one subject one after the other. */
  async publish(): Promise<void> {
    const { subjects, noticesEach } = this.size;
    const writer = async (first: number): Promise<void> => {
      for (let notice = 0; notice < noticesEach; notice += 1) {
        for (let subject = first; subject < subjects; subject += WRITERS) {
          await this.notices.insert(this.#published(subject, notice));
        }
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, first) => writer(first)));
  }

  async publishOne(subject: number): Promise<Notice> {
    const notice = this.#published(subject, await this.notices.model.countDocuments());
    await this.notices.insert(notice);
    return notice;
  }

  async startWorker(): Promise<ChildProcess> {
    const worker = fork(PROGRAM, [], { env: { ...process.env, NODE_OPTIONS: '' } });
    this.#workers.add(worker);
    worker.send(this.#order);
    await Promise.race([
      once(worker, 'message'),
      once(worker, 'exit').then(([code]) => {
        throw new Error(`the worker ended with ${String(code)} before it had started`);
      }),
    ]);
    return worker;
  }

  /** How many messages are not settled. */
  async open(): Promise<number> {
    const notices = await this.notices.model.find({ hasOpen: true }, { deliveries: 1 }).lean<Notice[]>();
    return notices
      .flatMap(({ deliveries }) => deliveries.flatMap(({ messages }) => [...messages]))
      .filter(({ state }) => state === 'PENDING').length;
  }

  /** Waits until no message is open and every event is in the log. */
  async settled(): Promise<void> {
    while ((await this.notices.model.exists({ $or: [{ hasOpen: true }, { hasPending: true }] })) !== null) {
      await delay(200);
    }
  }

  async audit(): Promise<Audit> {
    const notices = await this.notices.model.find().lean<Notice[]>();
    const log = noticeLog(this.#store.connection);
    return auditOf(notices, (await log.page(0, Number.MAX_SAFE_INTEGER - 1)).events, this.recipient);
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) worker.kill('SIGKILL');
    await this.#doorbell.close();
    await this.backend.close();
    await this.recipient.close();
    await this.#store.close();
    await rm(this.#order.signingKeysFolder, { recursive: true, force: true });
  }

  #departments(): string[] {
    return Array.from({ length: this.size.departments }, (_, index) => `department-${index + 1}`);
  }

  #published(subject: number, notice: number): Notice {
    const recipients = this.#departments().map((departmentId) => ({ departmentId, mandatory: true }));
    const blank = blankNotice({ recipients }, `n${subject * 1_000 + notice}`);
    const creditCode = institutionCode('91', '520115', subject);
    const own = { ...blank, subject: { ...blank.subject, creditCode } };
    return changed(
      own,
      (change) => {
        change.emit('DRAFT');
        takeTo(change, 'PUBLISHED');
      },
      new Date(),
    );
  }
}
