/** `hub watch notices` as an operator runs it, beside a gateway and a worker that share one data folder. */
import { afterAll, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { readAnnouncement } from '../../jobs/embedded/data-folder.ts';
import { ApiKeys } from '../../schema/access/api-keys.ts';
import { HubProcess, killHubs, newDataFolder } from '../gateway/support/hub-process.ts';

afterAll(killHubs);

const ISSUE = `mutation {
  issueNotice(input: {
    idempotencyKey: "watched-case", subjectCode: "91520115MAYDM00198", decisionNumber: "黔示市监罚〔2026〕12号",
    decidedOn: "2026-02-27", listType: SERIOUS_MR, severity: SERIOUS, factsSummary: "Reports without tests (fictional).",
    measures: [{ measureId: "M206" }], startDate: "2026-03-02", endDate: "2029-03-01",
    recipients: [{ department: "ecology" }, { department: "transport", mandatory: false }]
  }) { number }
}`;

async function tokenFor(folder: string): Promise<string> {
  const connection = await mongoose.createConnection((await readAnnouncement(folder))?.['store'] ?? '').asPromise();
  const { token } = await new ApiKeys(connection).create({
    subject: 'desk',
    departmentId: 'market-regulation',
    roles: ['DETERMINER'],
    regions: ['52'],
    expiresAt: null,
  });
  await connection.close();
  return token;
}

it('tells what one process was asked and another one did, without a word of credentials', async () => {
  const environment = { HUB_DATA_DIR: newDataFolder(), HUB_HEAR_SECONDS: '1' };
  const gateway = new HubProcess(environment, ['main.js', 'gateway']);
  const url = await gateway.started();
  const worker = new HubProcess(environment, ['main.js', 'worker']);
  await worker.until('work', () => worker.stdout.includes('Working on'));

  const watch = new HubProcess({ ...environment, PORT: new URL(url).port }, ['hub.js', 'watch', 'notices']);
  await watch.until('connect', () => watch.stderr.includes('Connected; '));
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await tokenFor(environment.HUB_DATA_DIR)}`,
    },
    body: JSON.stringify({ query: ISSUE }),
  });
  const { data, errors } = (await answer.json()) as { data: { issueNotice: { number: string } }; errors?: unknown };
  expect(errors).toBeUndefined();
  // Numbered and delivered by the worker, signed by the department's stand-in.
  await watch.until('tell of the signing', () => /DELIVERY_SIGNED .* ecology /.test(watch.stdout));
  const lines = watch.stdout.trim().split('\n');
  expect(lines[0]).toContain(`  ${data.issueNotice.number}  DRAFT  `);
  expect(new Set(lines.map((line) => line.split('  ')[1]))).toEqual(new Set([data.issueNotice.number]));

  expect(await watch.stop()).toBe(0);
  expect(watch.stderr).toMatch(/Go on with --after \S+\n$/);
  expect([await worker.stop(), await gateway.stop()]).toEqual([0, 0]);
  expect(gateway.stderr + worker.stderr).toBe('');
}, 180_000);
