/** What a resolver may use: made once per operation, never shared between two. */
import { accessOf, OWN_ACCOUNT, type Access } from './access/access.ts';
import { PUBLIC_CALLER, type Caller } from './access/caller.ts';
import { NO_GROUNDS, type Grounds } from './access/grounds.ts';
import type { Asker } from './access/sight.ts';
import type { CreditParts } from './credit/credit-parts.ts';
import type { AuditReading } from './audit/audit-entry-list.ts';
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
import type { FindingService } from './recognition/finding-service.ts';
import type { RecognitionEvent } from './recognition/recognition.ts';
import type { RecognitionService } from './recognition/recognition-service.ts';
import type { Replica } from './replica/replica.ts';
import type { IndexedInstitutions } from './search/indexed-institutions.ts';

export interface NoticeParts {
  readonly service: NoticeService;
  readonly log: EventLog<NoticeEvent>;
  /** The newest of the log, for those who follow it. */
  readonly tail: EventTail<NoticeEvent>;
}

export interface RecognitionParts {
  readonly service: RecognitionService;
  readonly findings: FindingService;
  readonly log: EventLog<RecognitionEvent>;
  /** The newest of the log, for those who follow it. */
  readonly tail: EventTail<RecognitionEvent>;
}

export interface HubServices {
  readonly registry: SourceRegistry;
  readonly identity: IdentityDirectory;
  readonly clock: Clock;
  /** null: the hub keeps no notices. */
  readonly notices: NoticeParts | null;
  /** null: the hub keeps no recognitions. */
  readonly recognitions: RecognitionParts | null;
  /** null: the hub keeps no replica, and every answer is live. */
  readonly replica: Replica | null;
  /** null: the hub keeps no endpoints. */
  readonly endpoints: EndpointService | null;
  /** null: the hub keeps no records, and nobody can decide whose a local number is. */
  readonly aliases: AliasDesk | null;
  /** What is on record of operations; absent where nothing is put on record. */
  readonly audit?: AuditReading;
  /** The list of institutions that is kept with the replica; null where there is none. */
  readonly indexedInstitutions: IndexedInstitutions | null;
  /** null: the hub keeps no replica, and so nothing that is computed from it. */
  readonly credit: CreditParts | null;
}

/** {@link Grounds}: why the caller asks, as far as it said. */
export interface HubContext extends HubServices, Grounds {
  readonly requestId: string;
  readonly scope: CallScope;
  readonly caller: Caller;
  readonly loaders: Loaders;
  /** What the caller sees; personal data leaves the hub through it. */
  readonly access: Access;
  /** null: the departments as they are. Else everything is answered as the hub knew it then. */
  readonly asOf: Date | null;
  /**
   * The same operation as of a time; equal times share their loaders.
   * @throws HubError UNSUPPORTED without a replica, INPUT_INVALID for too many times
   */
  knownAt(asOf: Date): HubContext;
  /**
   * The same operation on the hub's own account: its loaders leave out nothing. For what the hub works out itself, e.g.
   * whether a report is genuine, of which the caller sees the outcome only.
   */
  onOwnAccount(): HubContext;
}

/** Each reads the departments' directories of then. */
const MOST_PAST_TIMES = 10;

/** The contexts of one operation that see equally much: of now, and of each time that it looks back to. */
function contextsOf(services: HubServices, scope: CallScope, asker: Asker, access: Access): HubContext {
  const past = new Map<number, HubContext>();
  let own: HubContext | null = null;
  const contextAt = (known: HubServices, asOf: Date | null): HubContext => {
    let loaders: Loaders | null = null;
    return {
      ...known,
      requestId: scope.requestId,
      scope,
      ...asker,
      access,
      // An event of a subscription is often answered from what came with it.
      get loaders() {
        loaders ??= createLoaders(known, scope, { access, asOf, now: () => services.clock.now() });
        return loaders;
      },
      asOf,
      knownAt,
      onOwnAccount() {
        own ??= contextsOf(services, scope, asker, OWN_ACCOUNT);
        return asOf === null ? own : own.knownAt(asOf);
      },
    };
  };
  const knownAt = (asOf: Date): HubContext => {
    const known = past.get(asOf.getTime());
    if (known !== undefined) return known;
    if (services.replica === null)
      throw new HubError('UNSUPPORTED', 'The hub keeps no replica, so it does not know what it knew.');
    if (past.size >= MOST_PAST_TIMES)
      throw new HubError('INPUT_INVALID', `One operation may look back to ${MOST_PAST_TIMES} times at most.`);
    const context = contextAt(servicesKnownAt(services, services.replica, asOf), asOf);
    past.set(asOf.getTime(), context);
    return context;
  };
  return contextAt(services, null);
}

export function createHubContext(
  services: HubServices,
  scope: CallScope,
  caller: Caller,
  grounds: Grounds = NO_GROUNDS,
): HubContext {
  const asker: Asker = { caller, ...grounds };
  return contextsOf(services, scope, asker, accessOf(asker, scope.trace));
}

/** For jobs and commands of the hub itself, behind which nobody stands who would see less than everything. */
export const createOwnContext = (services: HubServices, scope: CallScope): HubContext =>
  createHubContext(services, scope, PUBLIC_CALLER).onOwnAccount();

/** Where the parts of something are asked for: at the departments, or at the replica as of the time it was shown for. */
export function contextOf({ asOf }: { readonly asOf: Date | null }, context: HubContext): HubContext {
  return asOf === null ? context : context.knownAt(asOf);
}
