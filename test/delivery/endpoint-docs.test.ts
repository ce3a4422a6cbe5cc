/** The guide for partners says what is true, and its sample verifies what the hub sends. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { z } from 'zod';
import { judgeAnswer } from '../../jobs/delivery/webhook/reply.ts';
import { projectRoot } from '../../schema/project-root.ts';
import { startPartner, type Partner, type Received } from './support/partner.ts';
import { envelope, newSecret, scope, startWebhook, type WebhookUnderTest } from './support/webhook.ts';

type IsFromHub = (headers: Received['headers'], body: Uint8Array, secret: string) => boolean;

const guide = readFileSync(join(projectRoot, 'docs/endpoints.md'), 'utf8');
const [, sample = ''] = /```ts\n([\s\S]*?)```/.exec(guide) ?? [];

let hub: WebhookUnderTest;
let partner: Partner;
const folder = mkdtempSync(join(tmpdir(), 'hub-guide-'));
beforeAll(async () => {
  [hub, partner] = await Promise.all([startWebhook(), startPartner()]);
});
afterAll(async () => {
  await Promise.all([hub.close(), partner.close()]);
  rmSync(folder, { recursive: true });
});

async function sampleOfGuide(): Promise<IsFromHub> {
  const file = join(folder, 'is-from-hub.mjs');
  const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
  writeFileSync(file, ts.transpileModule(sample, { compilerOptions: options }).outputText);
  const module: unknown = await import(pathToFileURL(file).href);
  return z.object({ isFromHub: z.custom<IsFromHub>((value) => typeof value === 'function') }).parse(module).isFromHub;
}

describe('the guide’s sample', () => {
  it('takes what the hub has sent, and nothing else', async () => {
    const isFromHub = await sampleOfGuide();
    const { departmentId, secret } = await hub.endpointAt(partner.url);
    await hub.channel.deliver(departmentId, envelope(), scope());
    const [{ headers, body }] = partner.received as [Received];
    const bytes = Buffer.from(body);
    expect(isFromHub(headers, bytes, secret)).toBe(true);
    const rotating = `v1,${Buffer.alloc(32).toString('base64')} ${headers['webhook-signature']}`;
    expect(isFromHub({ ...headers, 'webhook-signature': rotating }, bytes, secret)).toBe(true);
    expect(isFromHub(headers, bytes, newSecret())).toBe(false);
    expect(isFromHub(headers, Buffer.from(`${body} `), secret)).toBe(false);
    const otherwise: readonly Readonly<Record<string, string>>[] = [
      { 'webhook-id': 'another' },
      { 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) },
      { 'webhook-timestamp': 'now' },
      { 'webhook-signature': headers['webhook-signature']?.replace('v1,', 'v2,') ?? '' },
      { 'webhook-signature': '' },
    ];
    for (const wrong of otherwise) expect(isFromHub({ ...headers, ...wrong }, bytes, secret)).toBe(false);
    hub.now = new Date(Date.now() - 301_000);
    await hub.channel.deliver(departmentId, envelope(), scope());
    const old = partner.received.at(-1) ?? { headers: {}, body: '' };
    expect(isFromHub(old.headers, Buffer.from(old.body), secret)).toBe(false);
  });
});

describe('the guide’s table of answers', () => {
  const rows = [...guide.matchAll(/^\| (.*?) +\| ([A-Z]{6,})\b/gm)].map(([, answer = '', outcome = '']) => ({
    answer,
    outcome,
  }));

  it('names what the hub makes of each status', () => {
    const said = (status: number, body = '') =>
      judgeAnswer({ status, retryAfter: null, body: Buffer.from(body), ending: 'WHOLE' }, new Date()).reply.outcome;
    const outcomeOf = (start: string): string | undefined =>
      rows.find(({ answer }) => answer.startsWith(start))?.outcome;
    expect(outcomeOf('2xx')).toBe(said(200));
    const [, refusal = ''] = /^\| 2xx with `(.*?)`/m.exec(guide) ?? [];
    expect(outcomeOf('2xx with')).toBe(said(200, refusal));
    for (const status of [408, 425, 429, 500, 599]) expect(outcomeOf('408, 425, 429, 5xx')).toBe(said(status));
    expect(outcomeOf('every other 4xx')).toBe(said(404));
    expect(outcomeOf('3xx')).toBe(said(302));
    expect(rows).toHaveLength(7);
  });
});
