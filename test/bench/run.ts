/**
 * npm run bench: the join of 50 institutions and of 1 over the four departments, by the hub and by a plain node:http
 * server that was written for this one question, on the same reference upstreams, in one run, turn and turn about.
 * Prints ratios (machines differ, ratios less so) and upstream calls per operation; writes test/bench/results.md.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../schema/project-root.ts';
import { UpstreamsReport } from '../../sources/reference-upstreams.ts';
import { cpuTimeMs } from './cpu-time.ts';
import { measure, type Measurement, type Target } from './load.ts';
import { profileHub, type Share } from './profile.ts';
import type { Crosswalk } from './plain-join.ts';
import { ALIASES, JOIN } from './queries.ts';

const CONNECTIONS = 16;
const TURN_MS = 4_000;
const ROUNDS = 3;
const WORLD_SIZE = 300;
const SIZES = [50, 1];

const Joined = z.object({ errors: z.undefined().optional(), data: z.unknown() });
const AliasPage = z.object({
  data: z.object({
    institutions: z.object({
      edges: z.array(
        z.object({
          node: z.object({
            creditCode: z.string(),
            aliases: z.array(z.object({ department: z.object({ id: z.string() }), localId: z.string() })),
          }),
        }),
      ),
    }),
  }),
});
const Calls = z.record(z.string(), z.record(z.string(), z.number()));

async function start(
  program: string,
  args: readonly string[],
  message?: object,
): Promise<{ child: ChildProcess; report: unknown }> {
  const child = fork(join(import.meta.dirname, program), args);
  if (message !== undefined) child.send(message);
  const [report] = (await once(child, 'message')) as [unknown];
  return { child, report };
}

async function graphql(address: string, query: string, first: number): Promise<string> {
  const reply = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { first } }),
  });
  return await reply.text();
}

async function crosswalkOf(hub: string): Promise<Crosswalk> {
  const page = AliasPage.parse(JSON.parse(await graphql(hub, ALIASES, Math.max(...SIZES))));
  return Object.fromEntries(
    page.data.institutions.edges.map(({ node: { creditCode, aliases } }) => {
      const at = (id: string): string[] =>
        aliases.filter((each) => each.department.id === id).map(({ localId }) => localId);
      return [creditCode, { ecology: at('ecology'), publicSecurity: at('public-security') }];
    }),
  );
}

async function callsOf(control: string, run: () => Promise<unknown>): Promise<Record<string, Record<string, number>>> {
  await fetch(`${control}/calls`, { method: 'DELETE' });
  await run();
  return Calls.parse(await (await fetch(`${control}/calls`)).json());
}

const total = (calls: Record<string, Record<string, number>>): number =>
  Object.values(calls)
    .flatMap((operations) => Object.values(operations))
    .reduce((sum, count) => sum + count, 0);

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

interface Run extends Measurement {
  /** CPU time of the server per answer. */
  readonly cpuMs: number;
}

interface Line {
  readonly size: number;
  readonly hub: readonly Run[];
  readonly plain: readonly Run[];
  readonly hubCalls: number;
  readonly plainCalls: number;
  readonly callNames: string;
}

function report(lines: readonly Line[], shares: readonly Share[]): string {
  const rows = lines.map(({ size, hub, plain, hubCalls, plainCalls }) => {
    const ratioOf = (of: (run: Run) => number): string => {
      const ratios = hub.map((each, round) => of(each) / of(plain[round] ?? each));
      return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`;
    };
    const both = (of: (run: Run) => number, digits: number): string =>
      [hub, plain].map((runs) => median(runs.map(of)).toFixed(digits)).join(' / ');
    const cells = [
      size,
      ratioOf((each) => each.perSecond),
      ratioOf((each) => 1 / each.cpuMs),
      both((each) => each.perSecond, 1),
      both((each) => each.cpuMs, 1),
      both((each) => each.medianMs, 0),
      `${hubCalls} / ${plainCalls}`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '# Benchmark',
    '',
    `Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; ${CONNECTIONS} connections, ${ROUNDS} rounds of ${TURN_MS / 1000} s each, turn and turn about.`,
    '',
    'The join (registration, qualifications, inspections, penalties of vehicle inspection bodies) by the hub, against the',
    'same upstream calls and the same join by a plain node:http server with one hand-written client per department, on the',
    'same reference upstreams (world of 300). The plain server knows no schema, provenance, coverage, circuit or validation.',
    '',
    'Two ratios, hub : plain, each the median of the rounds with their range: answers per second, and answers per second',
    'of the server’s own CPU time. The first is kinder to the hub than the second, because upstreams and load share the',
    'cores with the server, and the plain server waits for them more than it works.',
    '',
    '| institutions | answers : answers | per CPU second | answers/s hub / plain | CPU ms per answer hub / plain | median ms hub / plain | upstream calls per operation hub / plain |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `Upstream calls of the hub for ${lines[0]?.size ?? 0} institutions: ${lines[0]?.callNames ?? ''}.`,
    '',
    '## Where the hub’s time goes',
    '',
    `Share of samples of a CPU profile of the hub under the same load (${SIZES[0]} institutions), idle time left out.`,
    '',
    '| part | share |',
    '|---|---|',
    ...shares.map(({ part, share }) => `| ${part} | ${(share * 100).toFixed(0)} % |`),
    '',
  ].join('\n');
}

/** One turn of one server. */
async function run(server: ChildProcess, target: Target): Promise<Run> {
  const before = await cpuTimeMs(server);
  const measured = await measure(target, CONNECTIONS, TURN_MS);
  return { ...measured, cpuMs: ((await cpuTimeMs(server)) - before) / measured.answers };
}

async function main(): Promise<void> {
  const upstreams = await start('upstreams-process.js', [String(WORLD_SIZE)]);
  const { environments, controlAddress } = UpstreamsReport.parse(upstreams.report);
  const environment = Object.assign({}, ...Object.values(environments)) as Record<string, string>;
  const hub = await start('hub-process.js', [], { environment });
  const hubAddress = z.object({ address: z.string() }).parse(hub.report).address;
  const crosswalk = await crosswalkOf(hubAddress);
  const plain = await start('plain-join-process.js', [], { environment, crosswalk });
  const plainAddress = z.object({ address: z.string() }).parse(plain.report).address;

  const check = (text: string): void => {
    if (Joined.parse(JSON.parse(text)).data === null) throw new Error(text.slice(0, 300));
  };
  const hubTarget = (first: number): Target => ({
    address: hubAddress,
    method: 'POST',
    path: '/graphql',
    body: JSON.stringify({ query: JOIN, variables: { first } }),
    check,
  });
  const plainTarget = (first: number): Target => ({
    address: plainAddress,
    method: 'GET',
    path: `/?first=${first}`,
    body: null,
    check,
  });

  const lines: Line[] = [];
  for (const size of SIZES) {
    const hubCalls = await callsOf(controlAddress, () => graphql(hubAddress, JOIN, size));
    const plainCalls = await callsOf(controlAddress, () =>
      fetch(`${plainAddress}/?first=${size}`).then((reply) => reply.text()),
    );
    await measure(hubTarget(size), CONNECTIONS, TURN_MS / 2);
    await measure(plainTarget(size), CONNECTIONS, TURN_MS / 2);
    const line = { size, hub: [] as Run[], plain: [] as Run[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      line.hub.push(await run(hub.child, hubTarget(size)));
      line.plain.push(await run(plain.child, plainTarget(size)));
    }
    const callNames = Object.entries(hubCalls)
      .map(
        ([department, operations]) =>
          `${department} ${Object.entries(operations)
            .map(([name, count]) => `${name} ${count}`)
            .join(', ')}`,
      )
      .join('; ');
    lines.push({ ...line, hubCalls: total(hubCalls), plainCalls: total(plainCalls), callNames });
  }
  const shares = await profileHub(hub.child, () => measure(hubTarget(SIZES[0] ?? 50), CONNECTIONS, TURN_MS));
  const text = report(lines, shares);
  writeFileSync(join(projectRoot, 'test', 'bench', 'results.md'), text);
  process.stdout.write(text);
  for (const { child } of [hub, plain, upstreams]) child.disconnect();
}

await main();
