/** The hub as a process, from the command line. Runs the built program; `npm test` builds it first. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLE_QUERIES } from '../../gateway/graphiql/sample-queries.ts';
import { canBrowse, launchBrowser, resultWith } from './support/browser.ts';
import { REPORTS } from '../../sources/world/planted/keys.ts';
import { HubProcess, isGone, killHubs, newDataFolder } from './support/hub-process.ts';

afterAll(killHubs);

const INSTITUTION_A = '91520115MAYDM00198';

interface Answer {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

async function ask(address: string, query: string, variables: object = {}): Promise<Answer> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await answer.json()) as Answer;
}

describe('The hub, started without any setting', () => {
  let hub: HubProcess;
  let address: string;
  let folder: string;
  beforeAll(async () => {
    folder = newDataFolder();
    hub = new HubProcess({ HUB_DATA_DIR: folder });
    address = await hub.started();
  });
  afterAll(() => hub.stop());

  it('prints where everything is, and a query that works as it is pasted', () => {
    const command = hub.stdout.trim().split('\n').at(-1) ?? '';
    expect(command).toMatch(/^curl -s 'http:\/\/127\.0\.0\.1:\d+\/graphql' /);
    const { PATH, HOME } = process.env;
    const printed = execFileSync('sh', ['-c', command], { encoding: 'utf8', env: { PATH, HOME } });
    const { institution } = (JSON.parse(printed) as { data: { institution: { coverage: { status: string }[] } } }).data;
    expect(institution).toMatchObject({ name: expect.any(String) });
    // A sample user has signed in for it.
    expect(institution.coverage.filter(({ status }) => status === 'DENIED')).toEqual([]);
    for (const department of ['Market Regulation', 'Ecology', 'Transport', 'Public Security']) {
      expect(hub.stdout).toMatch(new RegExp(`^${department} .* UP +reference$`, 'm'));
    }
    expect(hub.stderr).toBe('');
  });

  it.each(SAMPLE_QUERIES)('answers sample query %# of GraphiQL without an error', async (query) => {
    const { data, errors } = await ask(address, query);
    expect(errors).toBeUndefined();
    for (const value of Object.values(data ?? {})) expect(value).not.toBeNull();
    if (data?.['verifyReport'] !== undefined) expect(data['verifyReport']).toMatchObject({ verdict: 'AUTHENTIC' });
  });

  it('becomes ready', async () => {
    let status: unknown;
    for (let attempt = 0; attempt < 20 && status !== 'ready'; attempt += 1) {
      const report = (await (await fetch(new URL('/readyz', address))).json()) as { status: string };
      status = report.status;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(status).toBe('ready');
  });

  it('lets a file of numbers be screened beside it', async () => {
    const path = join(folder, 'numbers.txt');
    writeFileSync(path, `${REPORTS.authentic}\n${REPORTS.unknown}\n${INSTITUTION_A}\n`);
    const screening = new HubProcess({ HUB_DATA_DIR: folder }, ['hub.js', 'screen', path]);
    expect([await screening.ended(60_000), screening.stderr]).toEqual([0, '']);
    expect(screening.stdout).toContain('per second: AUTHENTIC 1, NOT_FOUND 1, REGISTERED 1\n');
    expect(screening.stdout).toContain(`Result: ${join(folder, 'numbers.screened.csv')}\n`);
  });

  it('refuses a wrong credit code with its position and without repeating it', async () => {
    const { errors } = await ask(address, 'query Q($code: CreditCode!) { institution(creditCode: $code) { name } }', {
      code: '91520115MAYDM00199',
    });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INPUT_INVALID', position: 18 });
    expect(errors?.[0]?.message).not.toContain('91520115MAYDM00199');
  });

  (canBrowse() ? it : it.skip)(
    'shows the joined institution in a browser at the push of a button',
    async () => {
      const browser = await launchBrowser();
      try {
        const page = await browser.newPage();
        const complaints: string[] = [];
        const hosts = new Set<string>();
        page.on('console', (message) => {
          if (message.type() === 'error') complaints.push(message.text());
        });
        page.on('pageerror', (error) => complaints.push(error.message));
        page.on('request', (request) => {
          if (!/^(data|blob):/.test(request.url())) hosts.add(new URL(request.url()).origin);
        });
        await page.goto(address);
        await page.waitForSelector('.graphiql-query-editor .view-line');
        await page.click('.graphiql-execute-button');
        expect(await resultWith(page, INSTITUTION_A)).not.toContain('"errors"');
        expect([...hosts]).toEqual([new URL(address).origin]);
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    120_000,
  );
});

describe('The hub, stopped', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with its child on %s, after the answers in progress',
    async (signal) => {
      const hub = new HubProcess();
      const address = await hub.started();
      const children = hub.childPids();
      expect(children).toHaveLength(1);
      const inProgress = ask(address, '{ departments { id } }');
      await new Promise((resolve) => setTimeout(resolve, 20));
      const startedAt = performance.now();
      hub.child.kill(signal);
      await expect(inProgress).resolves.toHaveProperty('data');
      expect(await hub.ended()).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      await expect(Promise.all(children.map((pid) => isGone(pid)))).resolves.toEqual([true]);
      expect(hub.stderr).toBe('');
    },
  );

  it('does not wait for the answers in progress when it is told a second time', async () => {
    // The answer would take longer than stopping may.
    const hub = new HubProcess({ HUB_READ_TIMEOUT_MS: '60000', MARKET_REGULATION_TIMEOUT_MS: '60000' });
    const address = await hub.started();
    const children = hub.childPids();
    const control = /^Upstream control +(\S+)$/m.exec(hub.stdout)?.[1] ?? '';
    await fetch(`${control}/faults/market-regulation`, { method: 'PUT', body: '{"kind":"half-open"}' });
    const inProgress = ask(address, `{ institution(creditCode: "${INSTITUTION_A}", maxAgeSeconds: 0) { name } }`);
    inProgress.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    hub.child.kill('SIGINT');
    // Two signals that come while the process is busy are one to it: a person would press the keys again, too.
    const again = setInterval(() => hub.child.kill('SIGINT'), 100);
    expect(await hub.ended()).toBeNull();
    clearInterval(again);
    expect(hub.child.signalCode).toBe('SIGKILL');
    expect(hub.stderr).toBe('Stopped at once; answers in progress were broken off.\n');
    await expect(inProgress).rejects.toThrow();
    await expect(Promise.all(children.map((pid) => isGone(pid)))).resolves.toEqual([true]);
  });

  it('takes its child along even when it is killed', async () => {
    const hub = new HubProcess();
    await hub.started();
    const children = hub.childPids();
    hub.child.kill('SIGKILL');
    await hub.ended();
    await expect(Promise.all(children.map((pid) => isGone(pid)))).resolves.toEqual([true]);
  });

  it('says so and ends with 1 when its child dies', async () => {
    const hub = new HubProcess();
    await hub.started();
    const [child] = hub.childPids();
    process.kill(child ?? 0, 'SIGKILL');
    expect(await hub.ended()).toBe(1);
    expect(hub.stderr).toBe('The reference upstreams have ended (signal SIGKILL); the hub stops.\n');
  });
});

describe('The hub, started wrongly', () => {
  it('names every wrong setting, shows no value, and ends with 1', async () => {
    const hub = new HubProcess({
      PORT: 'eighty',
      ECOLOGY_URL: 'http://127.0.0.1:1',
      ECOLOGY_AUTHORISATION_CODE: 'hunter2',
      TRANSPORT_TIMOUT_MS: '5',
    });
    expect(await hub.ended()).toBe(1);
    expect(hub.stderr.trimEnd().split('\n')).toEqual([
      'The environment has 3 wrong value(s):',
      '  PORT: must be a whole number from 0 to 65535',
      '  ECOLOGY_AUTHORISATION_CODE: must have 8 characters',
      '  TRANSPORT_TIMOUT_MS: is not a setting of the hub; did you mean TRANSPORT_TIMEOUT_MS?',
    ]);
    expect(hub.stdout).toBe('');
  });

  it('says in one line that its port is taken, and ends with 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const hub = new HubProcess({ PORT: String(port) });
    expect(await hub.ended()).toBe(1);
    expect(hub.stderr).toBe(
      `Port ${port} on 127.0.0.1 is already in use; set PORT to a free port (PORT=0 takes any).\n`,
    );
    expect(hub.stdout).toBe('');
    other.close();
  });
});
