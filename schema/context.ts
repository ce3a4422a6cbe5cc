/** What a resolver may use: made once per operation, never shared between two. */
import { PUBLIC_CALLER, type Caller } from './access/caller.ts';
import { NO_GROUNDS, type Grounds } from './access/grounds.ts';
import type { EndpointService } from './delivery/endpoint-service.ts';
import { HubError } from './errors.ts';
import { servicesKnownAt } from './history/services-known-at.ts';
import type { AliasDesk } from './identity/alias-desk.ts';
import type { IdentityDirectory } from './identity/identity-directory.ts';
import type { Loaders } from './loaders.ts';
import { createLoaders } from './loaders.ts';
import type { CallScope, Clock, SourceRegistry } from './ports.ts';
import type { EventLog } from './events/event-log.ts';
import type { EventTail } from './events/tail.ts';
import type { NoticeEvent } from './notice/notice.ts';
import type { NoticeService } from './notice/notice-service.ts';
import type { Replica } from './replica/replica.ts';
import type { IndexedInstitutions } from './search/indexed-institutions.ts';

export interface NoticeParts {
  readonly service: NoticeService;
  readonly log: EventLog<NoticeEvent>;
  /** The newest of the log, for those who follow it. */
  readonly tail: EventTail<NoticeEvent>;
}

export interface HubServices {
  readonly registry: SourceRegistry;
  readonly identity: IdentityDirectory;
  readonly clock: Clock;
  /** null: the hub keeps no notices. */
  readonly notices: NoticeParts | null;
  /** null: the hub keeps no replica, and every answer is live. */
  readonly replica: Replica | null;
  /** null: the hub keeps no endpoints. */
  readonly endpoints: EndpointService | null;
  /** null: the hub keeps no records, and nobody can decide whose a local number is. */
  readonly aliases: AliasDesk | null;
  /** The list of institutions that is kept with the replica; null where there is none. */
  readonly indexedInstitutions: IndexedInstitutions | null;
}

/** {@link Grounds}: why the caller asks, as far as it said. */
export interface HubContext extends HubServices, Grounds {
  readonly requestId: string;
  readonly scope: CallScope;
  readonly caller: Caller;
  readonly loaders: Loaders;
  /** False for the public: names of persons, plates and VINs are masked. */
  readonly seesPersonalData: boolean;
  /** null: the departments as they are. Else everything is answered as the hub knew it then. */
  readonly asOf: Date | null;
  /**
   * The same operation as of a time; equal times share their loaders.
   * @throws HubError UNSUPPORTED without a replica, INPUT_INVALID for too many times
   */
  knownAt(asOf: Date): HubContext;
}

/** Each reads the departments' directories of then. */
const MOST_PAST_TIMES = 10;

function contextAsOf(
  services: HubServices,
  scope: CallScope,
  caller: Caller,
  grounds: Grounds,
  asOf: Date | null,
  knownAt: HubContext['knownAt'],
): HubContext {
  let loaders: Loaders | null = null;
  return {
    ...services,
    requestId: scope.requestId,
    scope,
    caller,
    ...grounds,
    // An event of a subscription is often answered from what came with it.
    get loaders() {
      loaders ??= createLoaders(services, scope, asOf);
      return loaders;
    },
    seesPersonalData: false,
    asOf,
    knownAt,
  };
}

export function createHubContext(
  services: HubServices,
  scope: CallScope,
  caller: Caller = PUBLIC_CALLER,
  grounds: Grounds = NO_GROUNDS,
): HubContext {
  const past = new Map<number, HubContext>();
  const knownAt = (asOf: Date): HubContext => {
    const known = past.get(asOf.getTime());
    if (known !== undefined) return known;
    if (services.replica === null)
      throw new HubError('UNSUPPORTED', 'The hub keeps no replica, so it does not know what it knew.');
    if (past.size >= MOST_PAST_TIMES)
      throw new HubError('INPUT_INVALID', `One operation may look back to ${MOST_PAST_TIMES} times at most.`);
    const then = servicesKnownAt(services, services.replica, asOf);
    const context = contextAsOf(then, scope, caller, grounds, asOf, knownAt);
    past.set(asOf.getTime(), context);
    return context;
  };
  return contextAsOf(services, scope, caller, grounds, null, knownAt);
}

/** Where the parts of something are asked for: at the departments, or at the replica as of the time it was shown for. */
export function contextOf({ asOf }: { readonly asOf: Date | null }, context: HubContext): HubContext {
  return asOf === null ? context : context.knownAt(asOf);
}
