/** Where the hub's time goes: samples of its CPU profile, by the package or folder of the code that ran. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

export interface Share {
  readonly part: string;
  readonly share: number;
}

const Profile = z.object({
  profile: z.object({
    nodes: z.array(
      z.object({
        id: z.number(),
        callFrame: z.object({ functionName: z.string(), url: z.string() }),
        hitCount: z.number().optional(),
      }),
    ),
  }),
});

/** The first fitting part counts. */
const PARTS: readonly (readonly [part: string, pattern: RegExp])[] = [
  [
    'Mesh: typed internal graphs (Mesh, graphql-tools, its URL and fetch helpers)',
    /@graphql-mesh|@omnigraph|@graphql-tools|@whatwg-node|node_modules\/(qs|url-join|dayjs|lodash)/,
  ],
  ['graphql-js: executes the departments’ Mesh schemas', /node_modules\/graphql\//],
  ['zod: the dictionaries (every record parsed, none cast)', /node_modules\/zod/],
  [
    'adapters: envelopes, code maps, rows to requests',
    /dist\/sources\/(market-regulation|ecology|transport|public-security)/,
  ],
  ['source kit: guard, receipts, provenance, SOAP and SQL handlers', /dist\/sources\/kit/],
  ['SQL: kysely and drivers', /node_modules\/(kysely|pg|pg-.*|mysql2|postgres-.*)\//],
  ['graph: resolvers, loaders, identity', /dist\/schema|type-graphql|dataloader|cockatiel/],
  [
    'plans compiled by graphql-jit, Apollo Server, Fastify',
    /graphql-jit|@apollo|fastify|dist\/gateway|light-my-request|avvio|find-my-way/,
  ],
  ['HTTP client (undici)', /undici/],
  ['Node itself: HTTP, streams, crypto, timers', /^node:/],
];

function partOf(functionName: string, url: string): string | null {
  if (functionName === '(idle)') return null;
  if (functionName === '(garbage collector)') return 'garbage collection';
  const known = PARTS.find(([, pattern]) => pattern.test(url));
  if (known !== undefined) return known[0];
  return url === '' ? 'V8 built-ins and compiled plans (JSON, regular expressions, generated code)' : 'other packages';
}

/** Profiles the hub's process while `load` runs. @returns parts by share, largest first; shares add up to 1 */
export async function profileHub(hub: ChildProcess, load: () => Promise<unknown>): Promise<readonly Share[]> {
  hub.send({ profile: 'start' });
  await once(hub, 'message');
  await load();
  hub.send({ profile: 'stop' });
  const [message] = (await once(hub, 'message')) as [unknown];
  const hits = new Map<string, number>();
  for (const { callFrame, hitCount = 0 } of Profile.parse(message).profile.nodes) {
    const part = partOf(callFrame.functionName, callFrame.url);
    if (part !== null && hitCount > 0) hits.set(part, (hits.get(part) ?? 0) + hitCount);
  }
  const total = [...hits.values()].reduce((sum, count) => sum + count, 0);
  return [...hits].map(([part, count]) => ({ part, share: count / total })).sort((a, b) => b.share - a.share);
}
