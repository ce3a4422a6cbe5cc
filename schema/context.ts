/** What a resolver may use: made once per operation, never shared between two. */
import { PUBLIC_CALLER, type Caller } from './access/caller.ts';
import type { EndpointService } from './delivery/endpoint-service.ts';
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

export interface HubContext extends HubServices {
  readonly requestId: string;
  readonly scope: CallScope;
  readonly caller: Caller;
  readonly loaders: Loaders;
  /** False for the public: names of persons, plates and VINs are masked. */
  readonly seesPersonalData: boolean;
}

export function createHubContext(services: HubServices, scope: CallScope, caller: Caller = PUBLIC_CALLER): HubContext {
  let loaders: Loaders | null = null;
  return {
    ...services,
    requestId: scope.requestId,
    scope,
    caller,
    // An event of a subscription is often answered from what came with it.
    get loaders() {
      loaders ??= createLoaders(services, scope);
      return loaders;
    },
    seesPersonalData: false,
  };
}
