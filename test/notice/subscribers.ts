/** Subscribers of a gateway that take what comes until one side ends, over both transports. */
import { request } from 'node:http';
import { WebSocket } from 'ws';

export interface Subscription {
  readonly port: number;
  readonly token: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Text of one result. */
  readonly heard: (result: string) => void;
  /** Leaves without a word, as a program that crashes. */
  readonly leaving: AbortSignal;
}

/** Resolves when the connection has ended, from whichever side. */
export type Follow = (subscription: Subscription) => Promise<void>;

export const followByWebSocket: Follow = ({ port, token, query, variables, heard, leaving }) =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
    leaving.addEventListener('abort', () => socket.terminate());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    });
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.includes('"type":"connection_ack"'))
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query, variables } }));
      else if (text.includes('"type":"next"') && !leaving.aborted) heard(text);
    });
  });

export const followByEventStream: Follow = ({ port, token, query, variables, heard, leaving }) =>
  new Promise((resolve) => {
    const asked = request({
      port,
      host: '127.0.0.1',
      path: '/graphql/stream',
      method: 'POST',
      agent: false,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'text/event-stream',
        'content-type': 'application/json',
      },
      signal: leaving,
    });
    asked.on('error', () => resolve());
    asked.on('close', () => resolve());
    asked.on('response', (response) => {
      let text = '';
      response.on('error', () => undefined);
      response.on('data', (chunk: Buffer) => {
        const blocks = (text + chunk.toString()).split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) if (block.includes('event: next') && !leaving.aborted) heard(block);
      });
    });
    asked.end(JSON.stringify({ query, variables }));
  });
