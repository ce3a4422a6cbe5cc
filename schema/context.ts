/** What a resolver may use: made once per operation, never shared between two. */
import type { IdentityDirectory } from './identity/identity-directory.ts';
import type { Loaders } from './loaders.ts';
import { createLoaders } from './loaders.ts';
import type { CallScope, Clock, SourceRegistry } from './ports.ts';
import type { Replica } from './replica/replica.ts';
import type { IndexedInstitutions } from './search/indexed-institutions.ts';

export interface HubServices {
  readonly registry: SourceRegistry;
  readonly identity: IdentityDirectory;
  readonly clock: Clock;
  /** null: the hub keeps no replica, and every answer is live. */
  readonly replica: Replica | null;
  /** The list of institutions that is kept with the replica; null where there is none. */
  readonly indexedInstitutions: IndexedInstitutions | null;
}

export interface HubContext extends HubServices {
  readonly requestId: string;
  readonly scope: CallScope;
  readonly loaders: Loaders;
  /** False for the public: names of persons, plates and VINs are masked. */
  readonly seesPersonalData: boolean;
}

export function createHubContext(services: HubServices, scope: CallScope): HubContext {
  return {
    ...services,
    requestId: scope.requestId,
    scope,
    loaders: createLoaders(services, scope),
    seesPersonalData: false,
  };
}
