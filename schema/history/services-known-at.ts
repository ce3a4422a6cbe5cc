/** The hub's services as of a time: departments, their local numbers and the clock are those of then. */
import type { HubServices } from '../context.ts';
import { IdentityDirectory } from '../identity/identity-directory.ts';
import type { Confirmation, StationDecisions } from '../identity/station-decisions.ts';
import type { SourceRegistry } from '../ports.ts';
import type { Replica } from '../replica/replica.ts';
import { sourceKnownAt } from './source-known-at.ts';

/**
 * What people had confirmed by then and have not undone since. What they have denied counts as it does now: it only
 * keeps a station from being taken for somebody else's.
 */
function decisionsKnownAt(present: StationDecisions, asOf: Date): StationDecisions {
  const byThen = (confirmation: Confirmation | null): Confirmation | null =>
    confirmation !== null && confirmation.at <= asOf ? confirmation : null;
  return {
    of(departmentId) {
      const decided = present.of(departmentId);
      const confirmationOf = (localId: string): Confirmation | null => byThen(decided.confirmationOf(localId));
      return {
        confirmationOf,
        isRejected: (localId, creditCode) => decided.isRejected(localId, creditCode),
        confirmedFor: (creditCode) =>
          decided.confirmedFor(creditCode).filter((localId) => confirmationOf(localId) !== null),
      };
    },
  };
}

/**
 * Institutions are described by the replica as of then. Which names and certificates are others' is taken as it is known
 * now: it only keeps a station from being taken for somebody else's.
 */
export function servicesKnownAt(services: HubServices, replica: Replica, asOf: Date): HubServices {
  const sources = services.registry.all().map((source) => sourceKnownAt(source, replica, asOf));
  const registry: SourceRegistry = {
    all: () => sources,
    find: (departmentId) => sources.find(({ department }) => department.id === departmentId),
  };
  const { subjects, decisions } = services.identity;
  return {
    ...services,
    registry,
    identity: new IdentityDirectory({ registry, others: subjects, decisions: decisionsKnownAt(decisions, asOf) }),
    clock: { now: () => asOf },
  };
}
