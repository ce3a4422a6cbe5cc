import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { HubError } from '../errors.ts';
import type { Connection } from '../relay/connection.ts';
import { CursorScalar } from '../scalars/scalars.ts';
import { listAuditEntries } from './audit-entry-list.ts';
import { AuditEntryConnection, AuditFilter, type AuditEntryType } from './audit-entry.type.ts';

const DEFAULT_FIRST = 50;

@Resolver()
export class AuditResolver {
  @Query(
    () => AuditEntryConnection,
    bilingual('What is on record of operations, newest first; for auditors.', '审计记录,新的在前(审计人员)'),
  )
  async auditEntries(
    @Ctx() { audit }: HubContext,
    @Arg('filter', () => AuditFilter, { nullable: true, ...bilingual('Which ones.', '筛选') })
    filter: AuditFilter | null,
    @Arg('first', () => Int, {
      defaultValue: DEFAULT_FIRST,
      nullable: true,
      ...bilingual('Size of the page, 1 to 100.', '每页条数'),
    })
    first: number | null,
    @Arg('after', () => CursorScalar, { nullable: true, ...bilingual('Continue after this cursor.', '起始游标') })
    after?: string | null,
  ): Promise<Connection<AuditEntryType>> {
    if (audit === undefined) throw new HubError('UNSUPPORTED', 'This hub puts nothing on record.');
    return await listAuditEntries(audit, filter ?? {}, first ?? DEFAULT_FIRST, after ?? null);
  }
}
