/** Serves the identity provider with sample users, to this machine only. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InteractionResults, Provider } from 'oidc-provider';
import { findSampleUser, SAMPLE_USERS } from './sample-users.ts';
import { signInPage } from './sign-in-page.ts';

export interface ServedIdentity {
  readonly issuer: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const INTERACTION = /^\/interaction\/([\w-]{1,64})$/;
const MAX_FORM_BYTES = 4_096;

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_FORM_BYTES) throw new Error('the form is too long');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

async function signIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Throws for an interaction that is not the one of this browser's cookie.
  const { prompt } = await provider.interactionDetails(request, response);
  const finish = (result: InteractionResults) => provider.interactionFinished(request, response, result);
  // Native clients are to ask for it each time; of invented people there is nothing to ask.
  if (prompt.name === 'consent') {
    await finish({ consent: {} });
    return;
  }
  const chosen = request.method === 'POST' ? findSampleUser((await formOf(request)).get('user') ?? '') : null;
  if (chosen !== null) await finish({ login: { accountId: chosen.id } });
  else response.writeHead(200, PAGE_HEADERS).end(signInPage(request.url ?? '', SAMPLE_USERS));
}

/**
 * @param port 0 = any free one
 * @throws the system's error, e.g. EADDRINUSE
 */
export async function serveIdentity(port: number, audience: string): Promise<ServedIdentity> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  const issuer = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  const host = new URL(issuer).host;
  // Most hubs that are tried are never asked for a token; the provider's code is loaded for the first who asks.
  let making: Promise<Provider> | null = null;
  const provider = (): Promise<Provider> =>
    (making ??= import('./provider.ts').then(({ createProvider }) => createProvider({ issuer, audience })));
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // A name that somebody else's page has bent to this machine.
    if (request.headers.host !== host) response.writeHead(421).end();
    else if (INTERACTION.test(request.url ?? '')) await signIn(await provider(), request, response);
    else await (await provider()).callback()(request, response);
  };
  server.on('request', (request, response) => {
    serve(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400, { 'content-type': 'text/plain' });
      response.end('This sign-in cannot be continued; begin it anew.\n');
    });
  });
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
