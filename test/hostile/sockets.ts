/** Attacks by the messages of a WebSocket. */
import type { Message } from '../gateway/support/raw-web-socket.ts';

export interface SocketAttack {
  /** Introduce itself first; by default it does. */
  readonly greets?: boolean;
  readonly messages: readonly (Message | string | Buffer)[];
  /** With which the hub closes the connection. */
  readonly code?: number;
  /** Code of the error of the subscription, where the connection stays open. */
  readonly outcome?: string;
}

const subscribe = (id: string, payload: unknown): Message => ({ type: 'subscribe', id, payload });
const EVENTS = 'subscription { noticeEvents { cursor } }';

export const SOCKET_ATTACKS: Readonly<Record<string, SocketAttack>> = {
  'no protocol': { messages: ['hello'], code: 4400 },
  bytes: { messages: [Buffer.from([0, 1, 2, 3])], code: 4400 },
  'a message of an unknown type': { messages: [{ type: 'evil' }], code: 4400 },
  'a message that is a list': { messages: ['[]'], code: 4400 },
  'lists nested half a million times': { messages: [`${'['.repeat(400_000)}${']'.repeat(400_000)}`], code: 4400 },
  'a message that is too large': { messages: ['x'.repeat(2_000_000)], code: 1009 },
  'a subscription before the introduction': {
    greets: false,
    messages: [subscribe('1', { query: EVENTS })],
    code: 4401,
  },
  'two introductions': { messages: [{ type: 'connection_init' }], code: 4429 },
  'a prototype in a message': {
    messages: [
      '{"type":"subscribe","id":"1","payload":{"query":"subscription { evil }","variables":{"__proto__":{"polluted":true}}}}',
    ],
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a query that is an object': { messages: [subscribe('1', { query: { $ne: null } })], code: 4400 },
  'a query for an answer': { messages: [subscribe('1', { query: '{ me { subject } }' })], outcome: 'UNSUPPORTED' },
  'a mutation': {
    messages: [subscribe('1', { query: 'mutation { publishNotice(noticeId: "1") { id } }' })],
    outcome: 'UNSUPPORTED',
  },
  'tokens without end': {
    messages: [subscribe('1', { query: `subscription { ${'a '.repeat(10_000)} }` })],
    outcome: 'DOCUMENT_LIMIT',
  },
  'a circle of fragments': {
    messages: [subscribe('1', { query: 'subscription { ...A } fragment A on Subscription { ...A }' })],
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'variables nested without end': {
    messages: [
      `{"type":"subscribe","id":"1","payload":{"query":"${EVENTS}","variables":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}}`,
    ],
    outcome: 'DOCUMENT_LIMIT',
  },
  'several events at once': {
    messages: [subscribe('1', { query: 'subscription { a: noticeEvents { cursor } b: noticeEvents { cursor } }' })],
    outcome: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a half of a character': {
    messages: [
      subscribe('1', {
        query: 'subscription ($after: Cursor) { noticeEvents(after: $after) { cursor } }',
        variables: { after: '\ud800' },
      }),
    ],
    outcome: 'INPUT_INVALID',
  },
};
