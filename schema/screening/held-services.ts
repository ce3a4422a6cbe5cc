/** The hub's services for a screening: every department as the replica holds it, the register in memory. */
import type { HubServices } from '../context.ts';
import { IdentityDirectory } from '../identity/identity-directory.ts';
import { RegisterFollower } from '../identity/register-follower.ts';
import { SubjectMemory } from '../identity/subject-memory.ts';
import type { CallScope, SourceRegistry } from '../ports.ts';
import type { Replica } from '../replica/replica.ts';
import { heldSource, type HeldSourceParts } from './held-source.ts';

/** @param services of a hub that keeps a replica */
export async function heldServices(
  services: HubServices,
  replica: Replica,
  terms: Pick<HeldSourceParts, 'maxAgeSeconds' | 'startedAt'>,
  scope: CallScope,
): Promise<HubServices> {
  const subjects = new SubjectMemory();
  await new RegisterFollower({ registry: services.registry, replica, subjects }).refresh();
  const sources = services.registry.all().map((source) => heldSource(source, { ...terms, replica, subjects }));
  const registry: SourceRegistry = {
    all: () => sources,
    find: (departmentId) => sources.find(({ department }) => department.id === departmentId),
  };
  const { decisions } = services.identity;
  const identity = new IdentityDirectory({ registry, decisions, others: subjects });
  // Where a directory is not held, what depends on it says so itself.
  await Promise.allSettled(identity.localNumberSources().map((source) => identity.indexOf(source, scope)));
  return { ...services, registry, identity };
}
