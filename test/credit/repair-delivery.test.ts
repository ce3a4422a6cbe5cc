/** An approved repair goes to every department that holds the entry by the machine that takes notices there. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { channelsOf } from '../../jobs/delivery/channels.ts';
import { startDeliveryService, type DeliveryService } from '../../jobs/delivery/delivery-service.ts';
import { Sequencer } from '../../jobs/events/sequencer.ts';
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts';
import { CaseStore, creditOutbox } from '../../schema/credit/case-store.ts';
import { NEW_CASE } from '../../schema/credit/credit-case.ts';
import { creditLog } from '../../schema/credit/credit-log.ts';
import { approve, confirm, type RepairCase } from '../../schema/credit/repair-case.ts';
import { resend } from '../../schema/credit/repair-dispatch.ts';
import { REPAIR_TOPIC, repairMessages } from '../../schema/credit/repair-messages.ts';
import { localDoorbell } from '../../schema/events/doorbell.ts';
import { Lease } from '../../schema/events/lease.ts';
import { parseRegionCode } from '../../schema/region/region.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import { answer, Opened, startPartner, type Partner } from '../delivery/support/partner.ts';
import { startWebhook, type WebhookUnderTest } from '../delivery/support/webhook.ts';
import { startEmbedded, type QueueServer } from '../queue/servers.ts';
import { fakeDepartment, registryOf } from '../schema/support/fake-departments.ts';
import { A } from '../schema/support/records.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

const fail = (error: unknown): never => {
  throw error;
};

let server: StoreUnderTest;
let queue: QueueServer;
let webhook: WebhookUnderTest;
let backend: QueueBackend;
let delivery: DeliveryService;
let repairs: CaseStore<RepairCase>;
let numbering: (onNumbered: (ids: readonly string[]) => Promise<void>) => Promise<void>;
let partner: Partner;
let ecology: string;
let secret: string;
let reply = answer(200);
const opened = new Opened();

beforeAll(async () => {
  [server, queue, webhook] = await Promise.all([openStore(), startEmbedded(), startWebhook()]);
  const { connection } = server;
  repairs = new CaseStore(connection, 'REPAIR');
  const log = creditLog(connection);
  await Promise.all([repairs.open(), log.open()]);
  partner = await opened.keep(startPartner((...request) => reply(...request)));
  ({ departmentId: ecology, secret } = await webhook.endpointAt(partner.url));
  backend = openQueueBackend(queue.address);
  delivery = await startDeliveryService({
    keepers: [repairMessages(repairs)],
    channelOf: channelsOf({
      departments: registryOf([fakeDepartment('transport')]),
      ...{ endpoints: webhook.store, webhook: webhook.channel },
    }),
    ...{ backend, concurrency: 4, onFailure: fail },
  });
  numbering = async (onNumbered) => {
    const lease = new Lease(connection, 'sequencer:credit', 5_000);
    const parts = { outbox: creditOutbox(connection), log, lease, doorbell: localDoorbell(), onFailure: fail };
    const sequencer = new Sequencer({ ...parts, onNumbered });
    await sequencer.run();
    await sequencer.close();
  };
}, 120_000);
afterAll(async () => {
  await delivery.close();
  await backend.close();
  await opened.close();
  await webhook.close();
  await Promise.all([server.close(), queue.close()]);
});

const NOW = new Date();
/** One that is about to be approved, and is. */
async function approved(id: string, holders: readonly string[]): Promise<void> {
  await repairs.insert({
    ...NEW_CASE,
    ...{ _id: id, type: 'REPAIR', state: 'ACCEPTED', creditCode: A, regionCode: parseRegionCode('520115') },
    ...{ target: { kind: 'PENALTY', documentNumber: '示环罚〔2026〕12号' }, determinerId: ecology },
    ...{ openedAt: NOW, departmentIds: [ecology], nextClockAt: null, edition: 'NDRC-36', appliedBy: 'clerk' },
    ...{ statement: '已整改', evidence: [], acceptedAt: NOW, decidedAt: null, decidedBy: null, reason: null },
    ...{ retryFrom: null, dueAt: null, isExtended: false, overdueTold: false, holders: [], noticesPending: false },
  });
  await repairs.update(id, (repair) => approve(repair, { actor: 'clerk', now: NOW, reason: '核实' }, holders));
}
const number = (): Promise<void> => numbering((ids) => delivery.enqueue(REPAIR_TOPIC, ids));
const messageTo = async (id: string, departmentId: string) =>
  (await repairs.get(id)).messages.find((message) => message.departmentId === departmentId);
const kinds = async (id: string): Promise<string[]> =>
  (await creditLog(server.connection).where({ caseId: id }, 100)).map(({ kind }) => kind);
const sentOf = (repairId: string) =>
  partner.received.filter(({ body }) => (JSON.parse(body) as Record<string, unknown>)['repairId'] === repairId);

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('an approved repair', () => {
  it('is sent signed, says what is to be ended, and is synchronised by the department’s own word alone', async () => {
    await approved('repair-1', [ecology]);
    await number();
    await until(async () => (await messageTo('repair-1', ecology))?.state === 'SENT');
    const [sent] = sentOf('repair-1');
    if (sent === undefined) throw new Error('nothing was sent');
    new Webhook(secret).verify(sent.body, sent.headers);
    expect(JSON.parse(sent.body)).toMatchObject({
      ...{ type: 'repair.approved', repairId: 'repair-1', creditCode: A, determiner: ecology, recipient: ecology },
      ...{ penaltyDocumentNumber: '示环罚〔2026〕12号', listType: null, approvedAt: formatInstant(NOW) },
    });
    expect((await repairs.get('repair-1')).state).toBe('APPROVED');
    await repairs.update('repair-1', (repair) => confirm(repair, ecology, 'system', NOW));
    await number();
    expect((await repairs.get('repair-1')).state).toBe('SYNCHRONISED');
    expect(await kinds('repair-1')).toEqual([
      ...['REPAIR_APPROVED', 'REPAIR_DELIVERED', 'REPAIR_CONFIRMED', 'REPAIR_SYNCHRONISED'],
    ]);
    expect(sentOf('repair-1')).toHaveLength(1);
  });

  it('is found again when the queue has forgotten it', async () => {
    await approved('repair-2', [ecology]);
    await numbering(() => Promise.resolve());
    expect(await delivery.reconcile()).toBeGreaterThan(0);
    await until(() => sentOf('repair-2').length === 1);
  });

  it('waits for a department that has no way yet, which may confirm it all the same', async () => {
    await approved('repair-3', ['transport']);
    await number();
    await until(async () => ((await messageTo('repair-3', 'transport'))?.attempts[0]?.endedAt ?? null) !== null);
    expect(await messageTo('repair-3', 'transport')).toMatchObject({ state: 'PENDING' });
    await repairs.update('repair-3', (repair) => confirm(repair, 'transport', 'clerk', NOW));
    expect(await messageTo('repair-3', 'transport')).toMatchObject({ state: 'CANCELLED' });
    expect(await delivery.reconcile()).toBe(0);
  });

  it('that a department refuses to take is told, and sent again by a person’s order', async () => {
    reply = answer(403);
    await approved('repair-4', [ecology]);
    await number();
    await until(async () => (await messageTo('repair-4', ecology))?.state === 'DEAD');
    reply = answer(200);
    const order = { actor: 'supervisor', now: new Date(), reason: '接口已恢复' };
    await repairs.update('repair-4', (repair) => resend(repair, ecology, order));
    await number();
    await until(async () => (await messageTo('repair-4', ecology))?.state === 'SENT');
    await number();
    expect(await kinds('repair-4')).toEqual([
      ...['REPAIR_APPROVED', 'REPAIR_UNDELIVERED', 'REPAIR_REPEATED', 'REPAIR_DELIVERED'],
    ]);
    const again = repairs.update('repair-4', (repair) => resend(repair, ecology, order));
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
