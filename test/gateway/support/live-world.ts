/** A log of sightings in a store, a graph that lets people follow it, and the front door before both. */
import { randomUUID } from 'node:crypto';
import { assertObjectType, buildSchema, type GraphQLSchema } from 'graphql';
import type { Caller } from '../../../schema/access/caller.ts';
import { HubError } from '../../../schema/errors.ts';
import { localDoorbell, type Doorbell } from '../../../schema/events/doorbell.ts';
import { eventCursors } from '../../../schema/events/event-cursor.ts';
import { EventLog, type LogEvent, type Numbered } from '../../../schema/events/event-log.ts';
import { follow, placeToFollow } from '../../../schema/events/follow.ts';
import type { StreamItem } from '../../../schema/events/stream-item.ts';
import { EventTail } from '../../../schema/events/tail.ts';
import type { CallScope } from '../../../schema/ports.ts';
import { openStore, type StoreUnderTest } from '../../support/store.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './test-server.ts';

export interface Sighting extends LogEvent {
  readonly place: string;
  readonly at: Date;
}

const SDL = /* GraphQL */ `
  type Sighting {
    cursor: String!
    number: Int!
    place: String!
    "Fails where the place is a swamp."
    footing: String
    "So many characters."
    picture(length: Int!): String!
    "Id of the context in which it was answered."
    context: String!
    "Ends with the time of the event."
    wait: String
  }
  type Query {
    hello: String!
  }
  type Mutation {
    spoil: Boolean
  }
  type Subscription {
    sightings(after: String, place: String): Sighting!
    "For callers with credentials."
    secrets(after: String): Sighting!
    "Tells one and fails."
    doomed: Sighting!
  }
`;

interface Context {
  readonly requestId: string;
  readonly scope: CallScope;
  readonly caller: Caller;
  readonly id: string;
}

interface Shown {
  readonly cursor: string;
  readonly number: number;
  readonly place: string;
}

const FIELDS: Readonly<Record<string, (shown: Shown, args: { length: number }, context: Context) => unknown>> = {
  footing: ({ place }) => {
    if (place === 'swamp') throw new HubError('SOURCE_UNAVAILABLE', 'Nobody answers from the swamp.');
    if (place === 'abyss') throw new Error('password=hunter2');
    return 'firm';
  },
  picture: (_, { length }) => 'x'.repeat(length),
  context: (_shown, _args, { id }) => id,
  wait: (_shown, _args, { scope }) =>
    new Promise((resolve) => scope.signal.addEventListener('abort', () => resolve('over'))),
};

type Item = StreamItem<Sighting & Numbered>;
const CURSORS = eventCursors('sightings');
export const cursorOf = (number: number): string => CURSORS.write(number);

export interface LiveWorld {
  readonly store: StoreUnderTest;
  readonly log: EventLog<Sighting>;
  readonly tail: EventTail<Sighting>;
  readonly doorbell: Doorbell;
  readonly schema: GraphQLSchema;
  /** Sightings that were executed so far. */
  executed(): number;
  /** Logs a sighting at each place. */
  see(...places: string[]): Promise<void>;
  /** The front door; credentials are "Bearer right". */
  start(options?: TestServerOptions): Promise<TestServer>;
  close(): Promise<void>;
}

const WATCHMAN: Caller = {
  subject: 'watchman',
  departmentId: null,
  roles: ['PUBLIC', 'ENFORCER'],
  regions: ['52'],
  credentialId: 'k1',
};

interface Asked {
  readonly after?: string;
  readonly place?: string;
}

export async function openLiveWorld(): Promise<LiveWorld> {
  const store = await openStore();
  const log = new EventLog<Sighting>(store.connection, 'sightings');
  await log.open();
  const doorbell = localDoorbell();
  const tail = new EventTail(log, {
    doorbell,
    pollMs: 200,
    onFailure: (error) => {
      throw error;
    },
  });
  let executed = 0;

  const source = async (after: string | null, place: string | null, { scope }: Context) =>
    follow(tail, {
      cursors: CURSORS,
      after: await placeToFollow(tail, CURSORS, after),
      matches: (event) => place === null || event.place === place,
      maySee: () => true,
      signal: scope.signal,
    });
  const resolvers: Record<string, { readonly subscribe: (args: Asked, context: Context) => unknown }> = {
    sightings: { subscribe: ({ after, place }, context) => source(after ?? null, place ?? null, context) },
    secrets: {
      subscribe({ after }, context) {
        if (context.caller.credentialId === null) throw new HubError('UNAUTHENTICATED', 'Secrets need credentials.');
        return source(after ?? null, null, context);
      },
    },
    doomed: {
      async *subscribe(): AsyncGenerator<Item> {
        yield { cursor: null, event: { _id: 1, eventId: 'e', place: 'doomed', at: new Date(0) } };
        await Promise.reject(new Error('the source is broken: password=hunter2'));
      },
    },
  };
  const schema = buildSchema(SDL);
  const shown = assertObjectType(schema.getType('Sighting')).getFields();
  for (const [name, resolve] of Object.entries(FIELDS)) {
    const field = shown[name];
    if (field !== undefined)
      field.resolve = (value, args, context) => resolve(value as Shown, args as { length: number }, context as Context);
  }
  const hello = schema.getQueryType()?.getFields()['hello'];
  if (hello !== undefined) hello.resolve = () => 'world';
  for (const [name, { subscribe }] of Object.entries(resolvers)) {
    const field = schema.getSubscriptionType()?.getFields()[name];
    if (field === undefined) throw new Error(name);
    field.subscribe = (_, args, context) => subscribe(args as Asked, context as Context);
    field.resolve = ({ cursor, event }: Item): Shown => {
      executed += 1;
      return { cursor: cursor ?? '', number: event?._id ?? 0, place: event?.place ?? '' };
    };
  }

  return {
    store,
    log,
    tail,
    doorbell,
    schema,
    executed: () => executed,
    async see(...places) {
      await log.append(places.map((place) => ({ eventId: randomUUID(), place, at: new Date() })));
      doorbell.ring('logged');
    },
    start: (options = {}) =>
      startTestServer({
        schema,
        callerOf: (token) => Promise.resolve(token === 'right' ? WATCHMAN : null),
        contextFor: (scope, caller): Context => ({ requestId: scope.requestId, scope, caller, id: randomUUID() }),
        ...options,
      }),
    async close() {
      await tail.close();
      await store.close();
    },
  };
}
