/** GraphiQL at the graph's own address, for browsers. Everything is in the page; it asks no other host for anything. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { wantsPage } from '../media-type.ts';
import { SAMPLE_QUERIES } from './sample-queries.ts';

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  "style-src 'unsafe-inline'",
  'worker-src blob:',
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Page {
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

async function renderPage(endpoint: string): Promise<Page> {
  const html = renderGraphiQL({
    title: 'Joint credit hub',
    endpoint,
    defaultTabs: SAMPLE_QUERIES.map((query) => ({ query })),
  });
  const plain = Buffer.from(html);
  return { plain, gzipped: await promisify(gzip)(plain) };
}

/** Answers page requests at `path` before anything else sees them. */
export function addGraphiQL(app: FastifyInstance, path: string): void {
  // Nine megabytes: made when the first browser asks, then kept.
  let page: Promise<Page> | null = null;

  const send = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { plain, gzipped } = await (page ??= renderPage(path));
    const isGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (isGzip) void reply.header('content-encoding', 'gzip');
    await reply
      .type('text/html; charset=utf-8')
      .headers({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'cache-control': 'no-cache',
        vary: 'Accept, Accept-Encoding',
        'referrer-policy': 'no-referrer',
      })
      .send(isGzip ? gzipped : plain);
  };

  app.addHook('preHandler', async (request, reply) => {
    const isPage = request.method === 'GET' && request.routeOptions.url === path && wantsPage(request.headers.accept);
    if (isPage) await send(request, reply);
  });
}
