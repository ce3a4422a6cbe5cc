/** Puts what callers do on record: opened before it is done, closed with its outcome, refusals included. */
import type { GraphQLSchema } from 'graphql';
import type { Caller } from '../../schema/access/caller.ts';
import { NO_GROUNDS, type Grounds } from '../../schema/access/grounds.ts';
import type { AuditEntry, AuditOperation, AuditOutcome } from '../../schema/audit/audit-record.ts';
import type { AuditTrail } from '../../schema/audit/audit-trail.ts';
import { OperationTrace } from '../../schema/audit/operation-trace.ts';
import type { PersonKeys } from '../../schema/audit/subject-key.ts';
import { OperationDescriber, type OperationText } from './describe-operation.ts';

/** Who asks, and why. */
export interface Asker {
  /** The reference that the caller may quote. */
  readonly operationId: string;
  readonly caller: Caller;
  readonly grounds: Grounds;
}

/** Nothing that could be read. */
const UNKNOWN_OPERATION: AuditOperation = { kind: 'UNKNOWN', name: null, digest: null, fields: [], subjects: [] };

/** A caller who was turned away before it was known. */
const UNKNOWN_CALLER: Caller = {
  subject: 'unknown',
  departmentId: null,
  roles: [],
  regions: [],
  credentialId: null,
};

/** Codes of errors by which the hub turns somebody away. */
const REFUSALS: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'LIMIT_REACHED',
  'PAYLOAD_TOO_LARGE',
  'DOCUMENT_LIMIT',
  'COST_LIMIT',
  'RATE_LIMITED',
  'DOCUMENT_NOT_REGISTERED',
  'AUDIT_UNAVAILABLE',
]);

export interface ShownResult {
  /** Whether there is any data. */
  readonly hasData: boolean;
  /** Codes of the errors. */
  readonly codes: readonly string[];
}

function resultOf({ hasData, codes }: ShownResult): AuditOutcome['result'] {
  if (codes.length === 0) return 'OK';
  if (hasData) return 'PARTIAL';
  return codes.some((code) => REFUSALS.has(code)) ? 'REFUSED' : 'FAILED';
}

const distinct = (codes: readonly string[]): readonly string[] => [...new Set(codes)].sort();

export interface AuditorOptions {
  readonly trail: AuditTrail;
  readonly schema: GraphQLSchema;
  /** null: persons and vehicles cannot be put on record. */
  readonly personKeys: PersonKeys | null;
}

export class Auditor {
  readonly #trail: AuditTrail;
  readonly #describer: OperationDescriber;
  readonly #personKeys: PersonKeys | null;

  constructor({ trail, schema, personKeys }: AuditorOptions) {
    this.#trail = trail;
    this.#personKeys = personKeys;
    this.#describer = new OperationDescriber(schema, personKeys);
  }

  /** For the scope of an operation. */
  newTrace(): OperationTrace {
    return new OperationTrace(this.#personKeys);
  }

  /**
   * Resolves when the operation may begin. A query of the public is put on record afterwards, so that it is served
   * whatever becomes of the record.
   * @param trace of the operation's scope
   * @throws HubError AUDIT_UNAVAILABLE
   */
  async begin(asker: Asker, text: OperationText, trace: OperationTrace): Promise<AuditedOperation> {
    const operation = this.#describer.describe(text);
    const isOpened = asker.caller.credentialId !== null || operation.kind !== 'QUERY';
    const entry = entryOf(asker, operation);
    if (isOpened) await this.#trail.open(entry);
    return new AuditedOperation(this.#trail, entry, trace, isOpened);
  }

  /** Something was refused before it began. @param text null where it could not be read, or is not valid */
  refuse(asker: Asker, text: OperationText | null, codes: readonly string[]): void {
    const operation = text === null ? UNKNOWN_OPERATION : this.#describer.describe(text);
    this.#refuse(entryOf(asker, operation), codes);
  }

  /**
   * Somebody was turned away before there was an operation. What is merely no request of the graph is not put on record.
   * @param known null: nobody knows who it is
   */
  turnAway(operationId: string, address: string | null, known: Omit<Asker, 'operationId'> | null, code: string): void {
    if (!REFUSALS.has(code)) return;
    const { caller, grounds } = known ?? { caller: UNKNOWN_CALLER, grounds: NO_GROUNDS };
    const entry = entryOf({ operationId, caller, grounds }, UNKNOWN_OPERATION);
    this.#refuse(known === null ? { ...entry, caller: { ...entry.caller, address } } : entry, [code]);
  }

  #refuse(entry: AuditEntry, codes: readonly string[]): void {
    const outcome: AuditOutcome = {
      result: 'REFUSED',
      codes: distinct(codes),
      ...{ subjects: [], moreSubjects: 0, records: 0, denied: 0, events: 0, upstreamCalls: {}, durationMs: 0 },
    };
    this.#trail.note({ ...entry, kind: 'REFUSED', outcome });
  }
}

function entryOf({ operationId, caller, grounds }: Asker, operation: AuditOperation): AuditEntry {
  const { subject, credentialId, departmentId, roles } = caller;
  return {
    kind: 'OPENED',
    operationId,
    caller: { subject, credentialId, departmentId, roles, address: null },
    purpose: grounds.purpose,
    caseNumber: grounds.caseNumber,
    operation,
    outcome: null,
  };
}

/** One operation that has begun. */
export class AuditedOperation {
  readonly #trail: AuditTrail;
  readonly #entry: AuditEntry;
  readonly #trace: OperationTrace;
  readonly #isOpened: boolean;
  readonly #begunAt = performance.now();
  #events = 0;
  #isClosed = false;

  constructor(trail: AuditTrail, entry: AuditEntry, trace: OperationTrace, isOpened: boolean) {
    this.#trail = trail;
    this.#entry = entry;
    this.#trace = trace;
    this.#isOpened = isOpened;
  }

  /** Events that were delivered since the last record. */
  get unrecordedEvents(): number {
    return this.#events;
  }

  delivered(): void {
    this.#events += 1;
  }

  /** Puts on record what a subscription has delivered since the last record. */
  progress(): void {
    if (this.#events > 0 && !this.#isClosed) this.#note('PROGRESS', { hasData: true, codes: [] });
  }

  /** The first call counts. */
  close(result: ShownResult): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#note(this.#isOpened ? 'CLOSED' : 'SERVED', result);
  }

  #note(kind: 'PROGRESS' | 'CLOSED' | 'SERVED', result: ShownResult): void {
    const outcome: AuditOutcome = {
      ...this.#trace.take(),
      result: resultOf(result),
      codes: distinct(result.codes),
      events: this.#events,
      durationMs: Math.round(performance.now() - this.#begunAt),
    };
    this.#events = 0;
    this.#trail.note({ ...this.#entry, kind, outcome });
  }
}
