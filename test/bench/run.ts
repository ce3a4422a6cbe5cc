/**
 * npm run bench: joins over the four departments by the hub live, by the hub from its replica, and by a plain node:http
 * server that was written for one question; on the same reference upstreams, in one run, turn and turn about. Then the
 * speed of store, queue and deliveries. `npm run bench -- safety`: what policy, audit and provenance cost, alone. Prints ratios (machines differ, ratios less so) and upstream calls per operation; writes
 * test/bench/results.md.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../schema/project-root.ts';
import { UpstreamsReport } from '../../sources/reference-upstreams.ts';
import { deliverySpeeds } from './delivery-speed.ts';
import { measure, type Target } from './load.ts';
import type { Crosswalk } from './plain-join.ts';
import { profileHub } from './profile.ts';
import { ALIASES, FILTERED_JOIN, JOIN } from './queries.ts';
import { queueSpeeds } from './queue-speed.ts';
import { report, safetyReport, type Line } from './report.ts';
import { storeSpeeds } from './store-speed.ts';
import { CONNECTIONS, takeTurns, TURN_MS, type Contestant } from './turns.ts';

const WORLD_SIZE = 300;
const MANY = 50;
/** More than elsewhere: the difference is small. */
const SAFETY_ROUNDS = 9;
const LIVE = 0;
const ANY_AGE = 86_400;

const Joined = z.object({ errors: z.undefined().optional(), data: z.object({}).loose() });
const Address = z.object({ address: z.string() });
const Loaded = z.object({ address: z.string(), records: z.number(), seconds: z.number() });
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
type Calls = z.infer<typeof Calls>;

/** The hub without receipts, provenance and policy. */
const BARE = ['--import', join(import.meta.dirname, 'bare', 'register.js')];

async function start(
  program: string,
  args: readonly string[],
  message?: object,
  execArgv: readonly string[] = [],
): Promise<{ child: ChildProcess; report: unknown }> {
  const child = fork(join(import.meta.dirname, program), args, { execArgv: [...execArgv] });
  if (message !== undefined) child.send(message);
  const [report] = (await once(child, 'message')) as [unknown];
  return { child, report };
}

/** Throws when an answer is not the join. */
const check = (text: string): void => {
  Joined.parse(JSON.parse(text));
};

const askHub = (address: string, query: string, variables: object): Target => ({
  address,
  method: 'POST',
  path: '/graphql',
  body: JSON.stringify({ query, variables }),
  check,
});
const askPlain = (address: string, first: number): Target => ({
  address,
  method: 'GET',
  path: `/?first=${first}`,
  body: null,
  check: (text) => void JSON.parse(text),
});

async function answerOf({ address, method, path, body, token }: Target): Promise<string> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return await (await fetch(`${address}${path}`, { method, body, headers })).text();
}

async function crosswalkOf(hub: string): Promise<Crosswalk> {
  const page = AliasPage.parse(JSON.parse(await answerOf(askHub(hub, ALIASES, { first: MANY }))));
  return Object.fromEntries(
    page.data.institutions.edges.map(({ node: { creditCode, aliases } }) => {
      const at = (id: string): string[] =>
        aliases.filter((each) => each.department.id === id).map(({ localId }) => localId);
      return [creditCode, { ecology: at('ecology'), publicSecurity: at('public-security') }];
    }),
  );
}

const total = (calls: Calls): number =>
  Object.values(calls)
    .flatMap((operations) => Object.values(operations))
    .reduce((sum, count) => sum + count, 0);

const inWords = (calls: Calls): string =>
  Object.entries(calls)
    .map(([department, operations]) => {
      const names = Object.entries(operations).map(([name, count]) => `${name} ${count}`);
      return `${department} ${names.join(', ')}`;
    })
    .join('; ');

/** The same question to the hub with and without policy, audit and provenance, turn and turn about. */
async function safety(environment: Record<string, string>): Promise<readonly [Contestant, Contestant]> {
  const safe = await start('hub-process.js', [], { environment, isAudited: true });
  const bare = await start('hub-process.js', [], { environment }, BARE);
  const [on, off] = [safe, bare].map(({ child, report }): Contestant => {
    const { address } = Address.parse(report);
    return {
      process: child,
      target: { ...askHub(address, JOIN, { first: MANY, maxAgeSeconds: LIVE }), token: 'bench' },
    };
  });
  if (on === undefined || off === undefined) throw new Error('two hubs were started');
  // Whatever was left out does not show in the answer.
  if ((await answerOf(on.target)) !== (await answerOf(off.target))) throw new Error('the bare hub answers otherwise');
  return [on, off];
}

async function main(): Promise<void> {
  const upstreams = await start('upstreams-process.js', [String(WORLD_SIZE)]);
  const { environments, controlAddress } = UpstreamsReport.parse(upstreams.report);
  const environment = Object.assign({}, ...Object.values(environments)) as Record<string, string>;
  const callsOf = async (target: Target): Promise<Calls> => {
    await fetch(`${controlAddress}/calls`, { method: 'DELETE' });
    target.check(await answerOf(target));
    return Calls.parse(await (await fetch(`${controlAddress}/calls`)).json());
  };
  const lineOf = async (
    question: string,
    [first, second]: readonly [Contestant, Contestant],
    [firstRuns = [], secondRuns = []]: Awaited<ReturnType<typeof takeTurns>>,
  ): Promise<Line> => ({
    question,
    first: firstRuns,
    second: secondRuns,
    firstCalls: total(await callsOf(first.target)),
    secondCalls: total(await callsOf(second.target)),
  });
  const pair = await safety(environment);
  const safe = await lineOf(`${MANY} institutions`, pair, await takeTurns(pair, SAFETY_ROUNDS));
  for (const { process: child } of pair) child.disconnect();
  if (process.argv[2] === 'safety') {
    upstreams.child.disconnect();
    process.stdout.write(`${safetyReport(safe).join('\n')}\n`);
    return;
  }
  const live = await start('hub-process.js', [], { environment });
  const { address: liveAddress } = Address.parse(live.report);
  const crosswalk = await crosswalkOf(liveAddress);
  const plain = await start('plain-join-process.js', [], { environment, crosswalk });
  const { address: plainAddress } = Address.parse(plain.report);
  const replica = await start('hub-process.js', [], { environment, withReplica: true });
  const { address: replicaAddress, ...loaded } = Loaded.parse(replica.report);

  const fromDepartments = (query: string, first: number): Contestant => ({
    process: live.child,
    target: askHub(liveAddress, query, { first, maxAgeSeconds: LIVE }),
  });
  const fromReplica = (query: string, first: number): Contestant => ({
    process: replica.child,
    target: askHub(replicaAddress, query, { first, maxAgeSeconds: ANY_AGE }),
  });
  const byHand = (first: number): Contestant => ({ process: plain.child, target: askPlain(plainAddress, first) });
  const lines: { live: Line[]; replica: Line[] } = { live: [], replica: [] };
  for (const size of [MANY, 1]) {
    const question = `${size} institution${size === 1 ? '' : 's'}`;
    const [hub, kept, peer] = [fromDepartments(JOIN, size), fromReplica(JOIN, size), byHand(size)];
    const [hubRuns = [], keptRuns = [], peerRuns = []] = await takeTurns([hub, kept, peer]);
    lines.live.push(await lineOf(question, [hub, peer], [hubRuns, peerRuns]));
    lines.replica.push(await lineOf(question, [kept, hub], [keptRuns, hubRuns]));
  }
  const [hub, kept] = [fromDepartments(FILTERED_JOIN, MANY), fromReplica(FILTERED_JOIN, MANY)];
  lines.replica.push(await lineOf(`${MANY} institutions with filters`, [kept, hub], await takeTurns([kept, hub])));

  const { target } = fromDepartments(JOIN, MANY);
  const callNames = inWords(await callsOf(target));
  const shares = await profileHub(live.child, () => measure(target, CONNECTIONS, TURN_MS));
  for (const { child } of [live, replica, plain, upstreams]) child.disconnect();

  const [store, queues, deliveries] = [await storeSpeeds(), await queueSpeeds(), await deliverySpeeds()];
  const text = report({ safe, ...lines, loaded, callNames, shares, store, queues, deliveries });
  writeFileSync(join(projectRoot, 'test', 'bench', 'results.md'), text);
  process.stdout.write(text);
}

await main();
