/** The results as a page of Markdown. */
import { cpus, loadavg } from 'node:os';
import type { DeliverySpeed } from './delivery-speed.ts';
import type { Speed } from './per-second.ts';
import type { Share } from './profile.ts';
import { CONNECTIONS, median, ROUNDS, TURN_MS, type Run } from './turns.ts';

/** One question, put to two servers. */
export interface Line {
  readonly question: string;
  readonly first: readonly Run[];
  readonly second: readonly Run[];
  /** Upstream calls per operation. */
  readonly firstCalls: number;
  readonly secondCalls: number;
}

export interface Results {
  /** The hub with policy, audit and provenance, and without. */
  readonly safe: Line;
  readonly live: readonly Line[];
  readonly replica: readonly Line[];
  /** What reading everything into the replica came to. */
  readonly loaded: { readonly records: number; readonly seconds: number };
  /** Names of the hub's upstream calls for the largest question. */
  readonly callNames: string;
  readonly shares: readonly Share[];
  readonly store: readonly Speed[];
  readonly queues: readonly (readonly [string, readonly Speed[]])[];
  readonly deliveries: readonly (readonly [string, DeliverySpeed])[];
}

function rowOf({ question, first, second, firstCalls, secondCalls }: Line): string {
  const ratioOf = (of: (run: Run) => number): string => {
    const ratios = first.map((each, round) => of(each) / of(second[round] ?? each));
    return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`;
  };
  const both = (of: (run: Run) => number, digits: number): string =>
    [first, second].map((runs) => median(runs.map(of)).toFixed(digits)).join(' / ');
  const cells = [
    question,
    ratioOf((each) => each.perSecond),
    ratioOf((each) => 1 / each.cpuMs),
    both((each) => each.perSecond, 1),
    both((each) => each.cpuMs, 1),
    both((each) => each.medianMs, 0),
    `${firstCalls} / ${secondCalls}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

const tableOf = (lines: readonly Line[], pair: string): string[] => [
  `| question | answers : answers | per CPU second | answers/s ${pair} | CPU ms per answer ${pair} | median ms ${pair} | upstream calls per operation ${pair} |`,
  '|---|---|---|---|---|---|---|',
  ...lines.map(rowOf),
];

const speedTable = (speeds: readonly Speed[]): string[] => [
  '| what | per second |',
  '|---|---:|',
  ...speeds.map(({ what, perSecond }) => `| ${what} | ${Math.round(perSecond)} |`),
];

/** Redis is measured where it is installed. */
const WITHOUT_REDIS = 'Not measured on Redis: no redis-server is installed on this machine.';

const deliveryTable = (deliveries: Results['deliveries']): string[] => [
  '| queue | median ms | p99 ms | deliveries per second |',
  '|---|---:|---:|---:|',
  ...deliveries.map(
    ([name, { medianMs, p99Ms, perSecond }]) =>
      `| ${name} | ${medianMs.toFixed(0)} | ${p99Ms.toFixed(0)} | ${perSecond.toFixed(0)} |`,
  ),
  ...(deliveries.length > 1 ? [] : ['', WITHOUT_REDIS]),
];

/** Of the hub as it is and of the same hub without policy, audit and provenance. */
export function safetyReport(line: Line): readonly string[] {
  return [
    '## What policy, audit and provenance cost',
    '',
    'The live join by the hub as it is (who asks is known and checked, the operation is opened on record before it is',
    'carried out and closed with what it touched, every record has its provenance with an SM3 receipt of the reply), against',
    'the same hub without all that, whose answer is the same text. Ratios on : off; CPU time of the audit’s store counts.',
    '',
    ...tableOf([line], 'on / off'),
  ];
}

export function report({ safe, live, replica, loaded, callNames, shares, store, queues, deliveries }: Results): string {
  const [load = 0] = loadavg();
  return [
    '# Benchmark',
    '',
    `Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; ${CONNECTIONS} connections, ${ROUNDS} rounds of ${TURN_MS / 1_000} s each, turn and turn about. Load of the machine at the end: ${load.toFixed(1)}; with much more than ${cpus().length + 1} others were at work on it, and only the ratios mean something.`,
    '',
    '## Live joins',
    '',
    'The join (registration, qualifications, inspections, penalties of vehicle inspection bodies) by the hub, against the',
    'same upstream calls and the same join by a plain node:http server with one hand-written client per department, on the',
    'same reference upstreams (world of 300). The plain server knows no schema, provenance, coverage, circuit or validation.',
    '',
    'Two ratios, hub : plain, each the median of the rounds with their range: answers per second, and answers per second',
    'of the server’s own CPU time. The first is kinder to the hub than the second, because upstreams and load share the',
    'cores with the server, and the plain server waits for them more than it works.',
    '',
    ...tableOf(live, 'hub / plain'),
    '',
    `Upstream calls of the hub for 50 institutions: ${callNames}.`,
    '',
    ...safetyReport(safe),
    '',
    '## Joins from the replica',
    '',
    'The same joins by a hub that has read everything into its replica, on the embedded store, and whose questions may be',
    'old, against the hub that asks the departments. Ratios replica : live. CPU time of the embedded store counts. With',
    'filters: valid certificates only, failed inspections of this year only. All connections put the same question, and a',
    'department is asked once for equal questions at the same time: that helps the live hub, and the replica not.',
    '',
    ...tableOf(replica, 'replica / live'),
    '',
    `Reading everything before: ${loaded.records} records in ${loaded.seconds.toFixed(0)} s.`,
    '',
    '## Where the time of a live join goes',
    '',
    'Share of samples of a CPU profile of the hub under the same load (50 institutions), idle time left out.',
    '',
    '| part | share |',
    '|---|---|',
    ...shares.map(({ part, share }) => `| ${part} | ${(share * 100).toFixed(0)} % |`),
    '',
    '## The document store',
    '',
    'The embedded store (or the MongoDB that `MONGODB_URI` names) through mongoose, documents of 1 KB with one index.',
    '',
    ...speedTable(store),
    '',
    '## The queue',
    '',
    ...queues.flatMap(([name, speeds]) => [`On ${name}:`, '', ...speedTable(speeds), '']),
    '## Deliveries of notices',
    '',
    'From the commit of a notice to the signed HTTP request at each of its five recipients, one notice at a time; and how',
    'many deliveries of 500 that wait one worker makes in a second. On the embedded store; one process works.',
    '',
    ...deliveryTable(deliveries),
    '',
  ].join('\n');
}
