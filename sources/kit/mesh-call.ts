/** The per-call context that travels through Mesh to the handlers: where to call, until when, and what came back. */
import type { HubError } from '../../schema/errors.ts';
import type { SourceTransport } from './transport.ts';

export interface ReplyLog {
  /** SM3 of each raw reply, in order of arrival. */
  readonly receipts: string[];
  /** Failures below the protocol; Mesh would wrap them beyond recognition. */
  readonly failures: HubError[];
  /** Status of the last reply, where the protocol has one. */
  httpStatus?: number;
}

export interface MeshCall {
  /** For messages: "Ecology". */
  readonly departmentName: string;
  readonly transport: SourceTransport;
  readonly signal: AbortSignal;
  readonly log: ReplyLog;
}

/** GraphQL context of every operation that runs on a source's Mesh schema. */
export interface MeshContext {
  readonly hubCall: MeshCall;
}

/** @throws Error when a handler is used outside the source kit */
export function meshCallOf(context: unknown): MeshCall {
  if (typeof context === 'object' && context !== null && 'hubCall' in context) return context.hubCall as MeshCall;
  throw new Error('a Mesh source was called without the source kit');
}
