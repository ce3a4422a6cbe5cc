import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { z } from 'zod';
import type { CoverageEntry } from '../department-answer.ts';
import { answered } from '../department-answer.ts';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { InstitutionOrderEnum } from '../enums.ts';
import { HubError } from '../errors.ts';
import type { InstitutionListQuery, InstitutionOrder } from '../ports.ts';
import { checkPageSize, connectionOf, type Connection } from '../relay/connection.ts';
import { decodeCursor, encodeCursor } from '../relay/cursor.ts';
import { CursorScalar } from '../scalars/scalars.ts';
import { InstitutionFilter } from './institution.input.ts';
import { institutionNode, type InstitutionNode } from './institution-node.ts';
import { InstitutionConnection } from './institution.type.ts';

/** The register's own cursor, wrapped so that a foreign one is told apart before the register is asked. */
const RegisterCursor = z.tuple([z.literal('register'), z.string()]);

type InstitutionPage = Connection<InstitutionNode> & { readonly coverage: readonly CoverageEntry[] };

function listQuery(
  filter: InstitutionFilter,
  orderBy: InstitutionOrder,
  first: number,
  after: string | null,
): InstitutionListQuery {
  if (orderBy === 'RISK_DESC' || (filter.riskClass ?? null) !== null) {
    throw new HubError('UNSUPPORTED', 'The hub does not compute risk yet: no order RISK_DESC, no filter riskClass.');
  }
  return {
    text: filter.text ?? null,
    regionPrefix: filter.region ?? null,
    kinds: filter.kinds ?? null,
    listed: filter.listed ?? null,
    qualification: filter.qualification ?? null,
    orderBy,
    first: checkPageSize(first),
    after: after === null ? null : decodeCursor(after, RegisterCursor)[1],
  };
}

@Resolver()
export class InstitutionListResolver {
  @Query(() => InstitutionConnection, bilingual('Institutions of the register that match.', '机构列表'))
  async institutions(
    @Ctx() { loaders, scope }: HubContext,
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
    @Arg('after', () => CursorScalar, { nullable: true, ...bilingual('Continue after this cursor.', '起始游标') })
    after?: string | null,
    @Arg('maxAgeSeconds', () => Int, {
      nullable: true,
      ...bilingual(
        'How old a replicated answer may be; while the hub keeps no replica every answer is live.',
        '可接受的数据时龄(秒)',
      ),
    })
    _maxAgeSeconds?: number | null,
  ): Promise<InstitutionPage> {
    const { register } = loaders;
    if (register?.listInstitutions === undefined) {
      throw new HubError('UNSUPPORTED', 'No department keeps a register of institutions.');
    }
    const query = listQuery(filter ?? {}, orderBy ?? 'NAME', first ?? 20, after ?? null);
    const page = await register.listInstitutions(query, scope);
    const question = { department: register.department, facet: 'INSTITUTIONS' as const };
    const edges = page.rows.flatMap(({ cursor, institution }) => {
      if (institution.creditCode === null) return [];
      const answer = answered(question, { records: [institution], malformed: [] }, page.asOf);
      loaders.primeInstitution(register.department.id, institution.creditCode, answer);
      return [
        { cursor: encodeCursor(['register', cursor]), node: institutionNode(institution.creditCode, institution) },
      ];
    });
    const { hasNextPage, totalCount } = page;
    return {
      ...connectionOf(edges, { hasNextPage, hasPreviousPage: query.after !== null, totalCount }),
      coverage: [answered(question, { records: [], malformed: page.malformed }, page.asOf).coverage],
    };
  }
}
