import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { HubError } from '../errors.ts';
import type { DepartmentDescriptor } from '../ports.ts';
import type { ProvenanceRecord } from '../records.ts';
import { Provenance } from './provenance.type.ts';

@Resolver(() => Provenance)
export class ProvenanceResolver {
  @FieldResolver()
  department(@Root() provenance: ProvenanceRecord, @Ctx() { registry }: HubContext): DepartmentDescriptor {
    const source = registry.find(provenance.departmentId);
    if (source === undefined)
      throw new HubError('INTERNAL', 'A fact came from a department that the hub does not know.');
    return source.department;
  }
}
