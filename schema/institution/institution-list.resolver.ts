import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { InstitutionOrderEnum } from '../enums.ts';
import { HubError } from '../errors.ts';
import { demand } from '../access/policy.ts';
import type { InstitutionOrder } from '../ports.ts';
import { checkMaxAge } from '../replica/max-age.ts';
import { CursorScalar } from '../scalars/scalars.ts';
import { isAboutRisk, type IndexedQuery } from '../search/indexed-institutions.ts';
import { checkQuery } from '../search/institution-query.ts';
import { listInstitutions, type InstitutionPage } from './institution-list.ts';
import { InstitutionFilter } from './institution.input.ts';
import { InstitutionConnection } from './institution.type.ts';

function listQuery(
  filter: InstitutionFilter,
  orderBy: InstitutionOrder,
  first: number,
  after: string | null,
): IndexedQuery {
  const query = {
    text: filter.text ?? null,
    regionPrefix: filter.region ?? null,
    kinds: filter.kinds ?? null,
    riskClasses: filter.riskClass ?? null,
    listed: filter.listed ?? null,
    qualification: filter.qualification ?? null,
    orderBy,
    first,
    after,
  };
  checkQuery(query);
  return query;
}

@Resolver()
export class InstitutionListResolver {
  @Query(
    () => InstitutionConnection,
    bilingual(
      'Institutions of the register that match: from the replica when it is fresh enough, else from the register.',
      '机构列表:副本足够新时取自副本,否则询问登记部门',
    ),
  )
  async institutions(
    @Ctx() context: HubContext,
    @Arg('filter', () => InstitutionFilter, { nullable: true, ...bilingual('Which ones.', '筛选') })
    filter: InstitutionFilter | null,
    @Arg('orderBy', () => InstitutionOrderEnum, { nullable: true, ...bilingual('By name when not given.', '排序') })
    orderBy: InstitutionOrder | null,
    @Arg('first', () => Int, {
      defaultValue: 20,
      nullable: true,
      ...bilingual('Size of the page, 1 to 100.', '每页条数'),
    })
    first: number | null,
    @Arg('after', () => CursorScalar, {
      nullable: true,
      ...bilingual(
        'Continue after this cursor, in the list (of the replica or of the register) in which the page was begun.',
        '起始游标(在开始时的同一列表中继续)',
      ),
    })
    after?: string | null,
    @Arg('maxAgeSeconds', () => Int, {
      nullable: true,
      ...bilingual(
        'How old the list and answers about its institutions may be, in seconds; 0 = ask the departments now. The departments’ own limits when not given.',
        '列表及其中机构信息可接受的数据时龄(秒)',
      ),
    })
    maxAgeSeconds?: number | null,
  ): Promise<InstitutionPage> {
    const { register } = context.loaders;
    if (register?.listInstitutions === undefined) {
      throw new HubError('UNSUPPORTED', 'No department keeps a register of institutions.');
    }
    const list = register.listInstitutions.bind(register);
    const query = listQuery(filter ?? {}, orderBy ?? 'NAME', first ?? 20, after ?? null);
    // Whoever asks for classes learns them: only within the caller's own divisions.
    if (isAboutRisk(query)) demand(context.caller, 'credit:read', { regionCode: query.regionPrefix });
    return await listInstitutions({ query, maxAgeSeconds: checkMaxAge(maxAgeSeconds), register, list }, context);
  }
}
