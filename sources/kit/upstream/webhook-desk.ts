/**
 * The desk of a department whose protocol knows nothing of notices: it takes signed webhooks, and says its words by the
 * hub's own mutations.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { FaultCommand } from './faults.ts';
import type { UpstreamReply, UpstreamRequest } from './http-upstream.ts';
import { controlOf, NoticeDesk, type DeskControl } from './notice-desk.ts';
import type { HubAddress } from './reference-upstream.ts';
import { distrust } from './webhook-signature.ts';
import { WordSender } from './word-sender.ts';

const SECRET_BYTES = 32;

const Notice = z.object({
  type: z.string().startsWith('notice.'),
  deliveryId: z.string().min(1),
  number: z.string().min(1),
  measureIds: z.array(z.string()),
  signedText: z.string().min(1),
  signature: z.object({ algorithm: z.string(), keyId: z.string(), value: z.string() }),
});
/** What is recognised is taken over, and what is suspended or revoked is dropped, at once. */
const Recognition = z.object({
  type: z.string().startsWith('recognition.'),
  recognitionId: z.string().min(1),
  state: z.enum(['RECOGNIZED', 'SUSPENDED', 'REVOKED']),
});
/** What is repaired is shown and used no more, at once. */
const Repair = z.object({ type: z.literal('repair.approved'), repairId: z.string().min(1) });
/** Whatever else the hub sends is received and nothing is done about it. */
const Message = z.object({ type: z.string().min(1) });

const reply = (status: number, body: object): UpstreamReply => ({
  operation: 'webhook',
  status,
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export class WebhookDesk {
  /** Made anew at every start, as Standard Webhooks writes it. */
  readonly secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
  readonly desk: DeskControl;
  readonly #desk: NoticeDesk;
  readonly #sender = new WordSender((refusal) => this.#desk.refused(refusal));

  constructor() {
    this.#desk = new NoticeDesk((word) => this.#sender.say(word));
    this.desk = controlOf(this.#desk, () => this.#sender.forget());
  }

  /** 200 for every genuine message, also for a copy, with the same number. */
  answer({ method, headers, body }: UpstreamRequest, fault: FaultCommand | null): UpstreamReply {
    if (method !== 'POST') return reply(405, { error: 'use POST' });
    if (fault?.kind === 'refused') return reply(403, { error: 'this department takes no notices from you' });
    const doubt = distrust(this.secret, headers, body, new Date());
    if (doubt !== null) return reply(401, { error: `the ${doubt} cannot be believed` });
    const json = jsonOf(body);
    if (!Message.safeParse(json).success) return reply(400, { error: 'the body is no message' });
    const recognition = Recognition.safeParse(json);
    if (recognition.success) {
      this.#sender.confirmRecognition(recognition.data.recognitionId, recognition.data.state);
      return reply(200, { accepted: true });
    }
    const repair = Repair.safeParse(json);
    if (repair.success) {
      this.#sender.confirmRepair(repair.data.repairId);
      return reply(200, { accepted: true });
    }
    const notice = Notice.safeParse(json);
    if (!notice.success) {
      const isNotice = Notice.shape.type.safeParse(Message.parse(json).type).success;
      return isNotice ? reply(400, { error: 'the notice is incomplete' }) : reply(200, { accepted: true });
    }
    const id = String(headers['webhook-id']);
    return reply(200, { accepted: true, receiptNumber: this.#desk.receive({ id, ...notice.data }) });
  }

  connectToHub(hub: HubAddress): void {
    this.#sender.connect(hub);
  }

  close(): void {
    this.#desk.close();
    this.#sender.close();
  }
}
