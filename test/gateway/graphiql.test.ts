/** GraphiQL in a real browser, at the graph's own address. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { canBrowse, launchBrowser, resultWith } from './support/browser.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('The address of the graph', () => {
  const typeFor = async (accept: string): Promise<string | null> =>
    (await fetch(`${server.url}?query=${encodeURIComponent('{ hello }')}`, { headers: { accept } })).headers.get(
      'content-type',
    );

  it('is a page for browsers and data for programs', async () => {
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    expect(await typeFor(browser)).toBe('text/html; charset=utf-8');
    expect(await typeFor('*/*')).toBe('application/json; charset=utf-8');
    expect(await typeFor('application/json, text/html;q=0.5')).toBe('application/json; charset=utf-8');
  });

  it('sends the page compressed, with a policy that lets it ask nobody else', async () => {
    const answer = await fetch(server.url, { headers: { accept: 'text/html' } });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('content-security-policy')).toContain("connect-src 'self'");
    expect(await answer.text()).toContain('Joint credit hub');
  });
});

const inBrowser = canBrowse() ? describe : describe.skip;

inBrowser('GraphiQL in a browser', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const hosts = new Set<string>();

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') || url.protocol.startsWith('ws')) hosts.add(url.origin);
    });
    await page.goto(server.url);
  });
  afterAll(() => browser.close());

  it('opens with the sample queries as tabs', async () => {
    await page.waitForSelector('.graphiql-query-editor .view-line');
    await expect(page.title()).resolves.toBe('Joint credit hub');
    const tabs = await page.locator('.graphiql-tabs .graphiql-tab').allInnerTexts();
    expect(tabs.map((tab) => tab.trim())).toEqual([
      'JoinedInstitution',
      'InstitutionPage',
      'VerifyReport',
      'Departments',
      'DecisionSafety',
    ]);
  });

  it('runs a query and shows its data', async () => {
    await page.goto(`${server.url}?query=${encodeURIComponent('query Hello { hello(name: "browser") }')}`);
    await page.waitForSelector('.graphiql-query-editor .view-line');
    await page.click('.graphiql-execute-button');
    await expect(resultWith(page, 'hello browser')).resolves.toContain('"data"');
  });

  it('asks no other host for anything and complains about nothing', async () => {
    await page.waitForTimeout(500);
    expect([...hosts]).toEqual([server.origin]);
    expect(complaints).toEqual([]);
  });
});
