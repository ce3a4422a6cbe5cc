/** What callers and the hub do with recognitions: who may, what is seen, then the command, then one atomic write. */
import { randomUUID } from 'node:crypto';
import { HUB_ACTOR } from '../aggregate/aggregate.ts';
import type { Caller } from '../access/caller.ts';
import { demand, demandEver, type Action } from '../access/policy.ts';
import { parseCreditCode } from '../codes/credit-code.ts';
import type { HubContext } from '../context.ts';
import { HubError } from '../errors.ts';
import type { NoticeSubject } from '../notice/notice.ts';
import { reasonOf } from '../notice/reason.ts';
import type { Hearing } from '../notice/receive.ts';
import { findSubject } from '../notice/subject.ts';
import type { SourceRegistry } from '../ports.ts';
import { calendarDateOf } from '../time/calendar-date.ts';
import { applyStanding, decideByHand, revoke, tick, UNDECIDED, verify } from './case.ts';
import { RecognitionChange } from './change.ts';
import { decide, type Outcome } from './decide.ts';
import { resend } from './dispatch.ts';
import type { Evidence } from './evidence.ts';
import { gatherEvidence, type FindingSource } from './gather.ts';
import { lastDecision, type Recognition, type ToldState } from './recognition.ts';
import type { RecognitionStore } from './recognition-store.ts';
import {
  checkRequest,
  inputDigestOf,
  newRecognition,
  parseDigest,
  questionOf,
  type RecognitionRequest,
} from './request.ts';
import { rulesOn } from './rules.ts';
import { standingOf } from './standing.ts';
import { confirm } from './targets.ts';

export interface RecognitionServiceParts {
  readonly store: RecognitionStore;
  readonly findings: FindingSource;
  readonly registry: SourceRegistry;
}

/** Everybody whom a recognition concerns. */
const concernedBy = ({ requesterId, targetIds }: Recognition): string[] => [requesterId, ...targetIds];

/** As the register names it; while it is silent, or knows none of this code, the code stands for the name. */
async function institutionOf(code: string, context: HubContext): Promise<NoticeSubject> {
  const creditCode = parseCreditCode(code);
  const unnamed = { creditCode, name: creditCode, regionCode: null, kinds: [], registeredAsOf: context.clock.now() };
  try {
    return (await findSubject(creditCode, context)) ?? unnamed;
  } catch (error) {
    if (error instanceof HubError && error.code === 'SOURCE_UNAVAILABLE') return unnamed;
    throw error;
  }
}

/** Thousands of recognitions may rest on one institution. */
function askedOnce(findings: FindingSource): FindingSource {
  const asked = new Map<string, ReturnType<FindingSource['ofInstitution']>>();
  return {
    ofInstitution(creditCode) {
      const known = asked.get(creditCode) ?? findings.ofInstitution(creditCode);
      asked.set(creditCode, known);
      return known;
    },
  };
}

export class RecognitionService {
  readonly #parts: RecognitionServiceParts;

  constructor(parts: RecognitionServiceParts) {
    this.#parts = parts;
  }

  get store(): RecognitionStore {
    return this.#parts.store;
  }

  get findings(): FindingSource {
    return this.#parts.findings;
  }

  /**
   * Asks for a result to be recognised; the checks are made at once. The same key with the same content gives the
   * recognition that it gave before.
   * @throws HubError INPUT_INVALID, CONFLICT and those of the policy
   */
  async submit(caller: Caller, input: RecognitionRequest, context: HubContext): Promise<Recognition> {
    const requesterId = caller.departmentId;
    demand(caller, 'recognition:submit', { departmentIds: requesterId === null ? [] : [requesterId] });
    if (requesterId === null) throw new HubError('FORBIDDEN', 'Only a department asks for a result to be recognised.');
    const request = checkRequest(input, requesterId, this.#departmentIds());
    const known = await this.#submittedBefore(requesterId, request);
    if (known !== null) return known;
    const now = context.clock.now();
    const institution = await institutionOf(request.institutionCode, context);
    const named = { requesterId, request, institution, createdAt: now, createdBy: caller.subject };
    const change = new RecognitionChange(newRecognition({ id: randomUUID(), ...named }), caller.subject, now);
    const evidence = await this.#look(change.recognition, context);
    change.emit('SUBMITTED');
    verify(change, evidence, decide(evidence, rulesOn(evidence.decidedOn)));
    const submitted = change.outcome();
    if (await this.store.insert(submitted)) return submitted;
    // Somebody was faster with the same key.
    const other = await this.#submittedBefore(requesterId, request);
    if (other !== null) return other;
    throw new HubError('CONFLICT', 'The recognition could not be written; try again.');
  }

  /** Hands in what was missing, or asks again now that a silent source may answer. */
  async supplement(caller: Caller, id: string, digest: string | null, context: HubContext): Promise<Recognition> {
    const recognition = await this.#demanded(caller, 'recognition:submit', id);
    const presentedDigest = digest === null ? recognition.presentedDigest : parseDigest(digest);
    return await this.#verify({ ...recognition, presentedDigest }, caller.subject, context);
  }

  /** A person settles what the checks could not. */
  async decide(caller: Caller, id: string, outcome: Outcome, reason: string): Promise<Recognition> {
    await this.#demanded(caller, 'recognition:decide', id);
    const words = reasonOf(reason);
    return await this.store.change(id, { name: caller.subject }, (change) => decideByHand(change, outcome, words));
  }

  async revoke(caller: Caller, id: string, reason: string): Promise<Recognition> {
    await this.#demanded(caller, 'recognition:revoke', id);
    const words = reasonOf(reason);
    return await this.store.change(id, { name: caller.subject }, (change) => revoke(change, words));
  }

  /** The relying department goes by what it was told. */
  async confirm(caller: Caller, id: string, state: ToldState, hearing: Hearing): Promise<Recognition> {
    const { departmentId } = caller;
    demand(caller, 'recognition:receive', { departmentIds: departmentId === null ? [] : [departmentId] });
    return await this.store.change(id, { name: caller.subject }, (change) =>
      confirm(change, departmentId ?? '', state, hearing),
    );
  }

  async resend(caller: Caller, id: string, departmentId: string, reason: string): Promise<Recognition> {
    const { requesterId, institution } = await this.store.get(id);
    demand(caller, 'delivery:repeat', { departmentIds: [requesterId], regionCode: institution.regionCode });
    const words = reasonOf(reason);
    return await this.store.change(id, { name: caller.subject }, (change) => resend(change, departmentId, words));
  }

  /** @returns null when there is none; @throws HubError of the policy */
  async read(caller: Caller, id: string): Promise<Recognition | null> {
    demandEver(caller, 'recognition:read');
    const recognition = await this.store.find(id);
    if (recognition !== null) {
      const { regionCode } = recognition.institution;
      demand(caller, 'recognition:read', { departmentIds: concernedBy(recognition), regionCode });
    }
    return recognition;
  }

  /** Looks again at what waits for a silent source. By the hub's clock. */
  async verifyAgain(recognition: Recognition, context: HubContext): Promise<Recognition> {
    return await this.#verify(recognition, HUB_ACTOR.name, context);
  }

  /**
   * Looks at what stands against recognitions now, and at the time; their outcomes are written together. The same again
   * changes nothing.
   * @returns what it failed with, one for each that could not be looked at
   */
  async review(recognitions: readonly Recognition[], context: HubContext): Promise<readonly unknown[]> {
    const findings = askedOnce(this.findings);
    const evidence = new Map<string, Evidence>();
    const looks = await Promise.allSettled(
      recognitions.map(async (each) => evidence.set(each._id, await this.#look(each, context, findings))),
    );
    const unseen = looks.flatMap((look): unknown[] => (look.status === 'rejected' ? [look.reason] : []));
    const seen = recognitions.filter(({ _id }) => evidence.has(_id));
    const refused = await this.store.changeMany(seen, HUB_ACTOR, (change, { _id, changeCount: seenChanges }) => {
      const own = evidence.get(_id);
      if (own !== undefined && change.recognition.restsOn !== null) {
        applyStanding(change, { ...standingOf(change.recognition, own), seenChanges });
      }
      tick(change);
    });
    return [...unseen, ...refused];
  }

  async #verify(recognition: Recognition, actor: string, context: HubContext): Promise<Recognition> {
    const { presentedDigest } = recognition;
    const evidence = await this.#look(recognition, context);
    const institution = await institutionOf(recognition.institution.creditCode, context);
    return await this.store.change(recognition._id, { name: actor }, (change) => {
      change.demandState(UNDECIDED, 'verify');
      // A register that was silent at first may name it now.
      const isNamed = institution.name !== institution.creditCode;
      change.set({ presentedDigest, ...(isNamed && { institution }) });
      verify(change, evidence, decide(evidence, rulesOn(evidence.decidedOn)));
    });
  }

  /** For the day of the decision, once there is one that recognised it. */
  async #look(recognition: Recognition, context: HubContext, findings = this.findings): Promise<Evidence> {
    const today = calendarDateOf(context.clock.now());
    const decidedOn = recognition.restsOn === null ? today : lastDecision(recognition).evidence.decidedOn;
    return await gatherEvidence(questionOf(recognition), context, findings, decidedOn);
  }

  async #submittedBefore(requesterId: string, request: RecognitionRequest): Promise<Recognition | null> {
    const { idempotencyKey } = request;
    const [known] = await this.store.where({ requesterId, idempotencyKey }, 1);
    if (known === undefined) return null;
    if (known.inputDigest === inputDigestOf(request)) return known;
    throw new HubError('CONFLICT', `This idempotency key was used for recognition ${known._id}, with other content.`);
  }

  async #demanded(caller: Caller, action: Action, id: string): Promise<Recognition> {
    demandEver(caller, action);
    const recognition = await this.store.get(id);
    const { requesterId, institution } = recognition;
    demand(caller, action, { departmentIds: [requesterId], regionCode: institution.regionCode });
    return recognition;
  }

  #departmentIds(): ReadonlySet<string> {
    return new Set(this.#parts.registry.all().map(({ department }) => department.id));
  }
}
