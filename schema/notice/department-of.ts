import type { HubContext } from '../context.ts';
import type { DepartmentDescriptor } from '../ports.ts';

/** A department by its id; one whose folder has gone since is shown by its id alone. */
export function departmentOf(id: string, { registry }: Pick<HubContext, 'registry'>): DepartmentDescriptor {
  return (
    registry.find(id)?.department ?? {
      id,
      code: '99',
      name: id,
      nameZh: id,
      protocol: '',
      keyedBy: 'CREDIT_CODE',
      authoritativeFor: [],
    }
  );
}
