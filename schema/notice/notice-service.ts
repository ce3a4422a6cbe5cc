/** What callers do with notices: who may, then the command, then one atomic write. */
import { randomUUID } from 'node:crypto';
import type { Caller } from '../access/caller.ts';
import { aggregateIdOf } from '../aggregate/aggregate.ts';
import { demand, demandEver, type Action } from '../access/policy.ts';
import { HubError } from '../errors.ts';
import type { Clock, SourceRegistry } from '../ports.ts';
import type { Signer } from '../signing/signature.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import * as steps from './case.ts';
import { NoticeChange } from './change.ts';
import { redeliver } from './dispatch.ts';
import { lift, withdraw } from './end.ts';
import {
  checkIssue,
  checkRequest,
  contentOf,
  inputDigestOf,
  newNotice,
  type IssueRequest,
  type NoticeRequest,
} from './issue.ts';
import {
  recipientsOf,
  type Notice,
  type NoticeContent,
  type NoticeEnding,
  type NoticeSubject,
  type NoticeVersion,
} from './notice.ts';
import type { NoticeNumbers } from './notice-number.ts';
import { HUB_ACTOR, type NoticeStore } from './notice-store.ts';
import { reasonOf } from './reason.ts';
import * as words from './receive.ts';
import { signedEnding, signedNotice } from './signed-form.ts';

export interface NoticeServiceParts {
  readonly store: NoticeStore;
  readonly numbers: NoticeNumbers;
  readonly signer: Signer;
  readonly registry: SourceRegistry;
  readonly clock: Clock;
}

/** The subject as the register knows it; null when it knows none of this code. */
export type FindSubject = (creditCode: string) => Promise<NoticeSubject | null>;

const PROVINCE = '520000';
const MOST_TRIES = 5;

/** Everybody whom a notice concerns. */
const concernedBy = (notice: Notice): string[] => [notice.determinerId, ...recipientsOf(notice)];

export class NoticeService {
  readonly #parts: NoticeServiceParts;

  constructor(parts: NoticeServiceParts) {
    this.#parts = parts;
  }

  get store(): NoticeStore {
    return this.#parts.store;
  }

  /**
   * Issues a notice. The same key with the same content gives the notice that it gave before.
   * @param findSubject asks the register, once it is known that there is something to ask for
   * @throws HubError INPUT_INVALID, MEASURE_NOT_IN_LIST, CONFLICT, SIGNING_UNAVAILABLE and those of the policy
   */
  async issue(caller: Caller, input: IssueRequest, findSubject: FindSubject): Promise<Notice> {
    const determinerId = caller.departmentId;
    demand(caller, 'notice:determine', { departmentIds: determinerId === null ? [] : [determinerId] });
    const request = checkIssue(input);
    for (let tries = 1; determinerId !== null && tries <= MOST_TRIES; tries += 1) {
      const known = await this.#issuedBefore(determinerId, request);
      if (known !== null) return known;
      const issued = await this.#issueOnce(caller.subject, determinerId, request, findSubject);
      if (issued !== null) return issued;
    }
    throw new HubError('CONFLICT', 'The notice could not be given a number; try again.');
  }

  async revise(caller: Caller, noticeId: string, input: NoticeRequest, reason: string): Promise<Notice> {
    const notice = await this.#demanded(caller, 'notice:determine', noticeId);
    const request = checkRequest(input);
    return await this.#change(caller, noticeId, async (change) => {
      const content = contentOf(request, notice.subject.kinds, this.#departmentIds(), change.now);
      const version = await this.#signedVersion(
        change.notice,
        change.notice.version + 1,
        content,
        caller.subject,
        change.now,
      );
      steps.revise(change, version, reasonOf(reason));
    });
  }

  /** Steps of the determining department's own procedure. */
  async advance(caller: Caller, noticeId: string, step: 'determine' | 'notifyParty' | 'publish'): Promise<Notice> {
    await this.#demanded(caller, 'notice:determine', noticeId);
    return await this.#change(caller, noticeId, (change) => steps[step](change));
  }

  async advanceWithReason(
    caller: Caller,
    noticeId: string,
    step: 'raiseObjection' | 'allowObjection' | 'cancel' | 'requestRepair' | 'refuseRepair',
    reason: string,
  ): Promise<Notice> {
    await this.#demanded(caller, 'notice:determine', noticeId);
    return await this.#change(caller, noticeId, (change) => steps[step](change, reasonOf(reason)));
  }

  /** The objection does not hold: the notice is published over it. */
  async dismissObjection(caller: Caller, noticeId: string, reason: string): Promise<Notice> {
    await this.#demanded(caller, 'notice:determine', noticeId);
    return await this.#change(caller, noticeId, (change) => {
      change.demandState(['OBJECTION'], 'dismiss the objection');
      steps.publish(change, reasonOf(reason));
    });
  }

  /** Ends it from now on. Repeated, it changes nothing. */
  async lift(caller: Caller, noticeId: string, reason: string): Promise<Notice> {
    await this.#demanded(caller, 'notice:determine', noticeId);
    return await this.#end(caller.subject, noticeId, 'LIFTED', reasonOf(reason));
  }

  /** Ends it as if it had never been. Repeated, it changes nothing. */
  async withdraw(caller: Caller, noticeId: string, reason: string): Promise<Notice> {
    await this.#demanded(caller, 'notice:determine', noticeId);
    return await this.#end(caller.subject, noticeId, 'WITHDRAWN', reasonOf(reason));
  }

  /** Ends it by the calendar; for the clock. */
  async expire(noticeId: string): Promise<Notice> {
    return await this.#end(HUB_ACTOR.name, noticeId, 'EXPIRED', 'The last day of the notice has passed.');
  }

  async sign(caller: Caller, deliveryId: string, hearing: words.Hearing): Promise<Notice> {
    return await this.#hear(caller, deliveryId, (change) => words.sign(change, deliveryId, hearing));
  }

  async giveBack(caller: Caller, deliveryId: string, reason: string, hearing: words.Hearing): Promise<Notice> {
    return await this.#hear(caller, deliveryId, (change) =>
      words.giveBack(change, deliveryId, reasonOf(reason), hearing),
    );
  }

  async feedBack(
    caller: Caller,
    deliveryId: string,
    feedback: readonly words.MeasureFeedback[],
    hearing: words.Hearing,
  ): Promise<Notice> {
    return await this.#hear(caller, deliveryId, (change) => words.feedBack(change, deliveryId, feedback, hearing));
  }

  async confirmLift(caller: Caller, deliveryId: string, hearing: words.Hearing): Promise<Notice> {
    return await this.#hear(caller, deliveryId, (change) => words.confirmLift(change, deliveryId, hearing));
  }

  async redeliver(caller: Caller, deliveryId: string, reason: string): Promise<Notice> {
    // Who may repeat none does not learn which there are.
    demandEver(caller, 'delivery:repeat');
    const noticeId = aggregateIdOf(deliveryId);
    const notice = await this.store.get(noticeId);
    demand(caller, 'delivery:repeat', { departmentIds: [notice.determinerId], regionCode: notice.subject.regionCode });
    return await this.#change(caller, noticeId, (change) => redeliver(change, deliveryId, reasonOf(reason)));
  }

  /** @returns null when there is none; @throws HubError of the policy */
  async read(caller: Caller, noticeId: string): Promise<Notice | null> {
    demandEver(caller, 'notice:read');
    const notice = await this.store.find(noticeId);
    if (notice !== null) {
      demand(caller, 'notice:read', { departmentIds: concernedBy(notice), regionCode: notice.subject.regionCode });
    }
    return notice;
  }

  async #issuedBefore(determinerId: string, request: IssueRequest): Promise<Notice | null> {
    const { idempotencyKey } = request;
    const known = await this.store.model.findOne({ determinerId, idempotencyKey }).lean<Notice>();
    if (known === null || known.inputDigest === inputDigestOf(request)) return known;
    throw new HubError('CONFLICT', `This idempotency key was used for notice ${known.number}, with other content.`);
  }

  async #issueOnce(
    actor: string,
    determinerId: string,
    request: IssueRequest,
    findSubject: FindSubject,
  ): Promise<Notice | null> {
    const { registry, numbers, clock } = this.#parts;
    const determiner = registry.find(determinerId)?.department;
    if (determiner === undefined) throw new HubError('INPUT_INVALID', `There is no department "${determinerId}".`);
    const subject = await findSubject(request.subjectCode);
    if (subject === null) throw new HubError('INPUT_INVALID', 'No institution is registered under this credit code.');
    const now = clock.now();
    const content = contentOf(request, subject.kinds, this.#departmentIds(), now);
    const year = Number(calendarDateOf(now).slice(0, 4));
    const number = await numbers.next(divisionOf(subject), year, determiner.code);
    const named = { number, determinerId, subject };
    const version = await this.#signedVersion(named, 1, content, actor, now);
    const notice = newNotice({ id: randomUUID(), ...named, request, version });
    const change = new NoticeChange(notice, actor, now);
    change.emit('DRAFT');
    steps.takeTo(change, request.stage);
    const issued = change.outcome();
    return (await this.store.insert(issued)) ? issued : null;
  }

  async #signedVersion(
    named: Pick<Notice, 'number' | 'determinerId' | 'subject'>,
    version: number,
    content: NoticeContent,
    issuedBy: string,
    issuedAt: Date,
  ): Promise<NoticeVersion> {
    const text = signedNotice(named, { version, content, issuedAt });
    const signature = await this.#parts.signer.sign(named.determinerId, Buffer.from(text));
    return { version, content, issuedAt, issuedBy, signature };
  }

  async #end(actor: string, noticeId: string, kind: NoticeEnding['kind'], reason: string): Promise<Notice> {
    return await this.store.change(noticeId, { name: actor }, async (change) => {
      const { notice, now } = change;
      if (notice.ending?.kind === kind) return;
      const text = signedEnding(notice, { kind, reason, at: now });
      const signature = await this.#parts.signer.sign(notice.determinerId, Buffer.from(text));
      const ending: NoticeEnding = { kind, reason, at: now, actor, signature };
      if (kind === 'WITHDRAWN') withdraw(change, ending);
      else lift(change, ending);
    });
  }

  async #hear(caller: Caller, deliveryId: string, command: (change: NoticeChange) => void): Promise<Notice> {
    demandEver(caller, 'notice:receive');
    const noticeId = aggregateIdOf(deliveryId);
    const notice = await this.store.get(noticeId);
    const delivery = notice.deliveries.find(({ id }) => id === deliveryId);
    if (delivery === undefined) throw new HubError('INPUT_INVALID', 'There is no delivery with this id.');
    demand(caller, 'notice:receive', { departmentIds: [delivery.departmentId] });
    return await this.#change(caller, noticeId, command);
  }

  async #demanded(caller: Caller, action: Action, noticeId: string): Promise<Notice> {
    demandEver(caller, action);
    const notice = await this.store.get(noticeId);
    demand(caller, action, { departmentIds: [notice.determinerId], regionCode: notice.subject.regionCode });
    return notice;
  }

  async #change(
    caller: Caller,
    noticeId: string,
    command: (change: NoticeChange) => void | Promise<void>,
  ): Promise<Notice> {
    return await this.store.change(noticeId, { name: caller.subject }, command);
  }

  #departmentIds(): ReadonlySet<string> {
    return new Set(this.#parts.registry.all().map(({ department }) => department.id));
  }
}

const divisionOf = ({ regionCode }: NoticeSubject): string => regionCode ?? PROVINCE;
