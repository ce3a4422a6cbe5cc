/** The hub's services as of a time: departments, their local numbers and the clock are those of then. */
import type { HubServices } from '../context.ts';
import { IdentityDirectory } from '../identity/identity-directory.ts';
import type { Subjects } from '../identity/subject-memory.ts';
import type { SourceRegistry } from '../ports.ts';
import type { Replica } from '../replica/replica.ts';
import { sourceKnownAt } from './source-known-at.ts';

/**
 * Institutions are described by the replica, not from memory. Which names and certificates are others' is taken as it is
 * known now: it only keeps a station from being taken for somebody else's.
 */
const othersOf = (present: Subjects): Subjects => ({
  remember: () => undefined,
  factsOf: () => undefined,
  sharedNames: (facts) => present.sharedNames(facts),
  creditCodeOfCma: (number) => present.creditCodeOfCma(number),
});

export function servicesKnownAt(services: HubServices, replica: Replica, asOf: Date): HubServices {
  const sources = services.registry.all().map((source) => sourceKnownAt(source, replica, asOf));
  const registry: SourceRegistry = {
    all: () => sources,
    find: (departmentId) => sources.find(({ department }) => department.id === departmentId),
  };
  return {
    ...services,
    registry,
    identity: new IdentityDirectory({ registry, subjects: othersOf(services.identity.subjects) }),
    clock: { now: () => asOf },
  };
}
