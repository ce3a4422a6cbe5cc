/** Relay Cursor Connections over lists that are already complete, and the types of connections. */
import { Field, Int, ObjectType, type ClassType } from 'type-graphql';
import { bilingual } from '../description.ts';
import { CursorScalar } from '../scalars/scalars.ts';

@ObjectType({ simpleResolvers: true, ...bilingual('Where a page stands in its list.', '分页信息') })
export class PageInfo {
  @Field(() => Boolean, bilingual('Whether more follows.', '是否有下一页'))
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, bilingual('Whether something came before, as far as the cursor tells.', '是否有上一页'))
  readonly hasPreviousPage!: boolean;

  @Field(() => CursorScalar, { nullable: true, ...bilingual('Cursor of the first edge.', '首条游标') })
  readonly startCursor!: string | null;

  @Field(() => CursorScalar, { nullable: true, ...bilingual('Cursor of the last edge.', '末条游标') })
  readonly endCursor!: string | null;
}

export interface Edge<N> {
  readonly cursor: string;
  readonly node: N;
}

export interface Connection<N> {
  readonly edges: readonly Edge<N>[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number | null;
}

/** The same page of something made of each of its items. */
export const connectionMapped = <N, M>({ edges, ...page }: Connection<N>, of: (node: N) => M): Connection<M> => ({
  ...page,
  edges: edges.map(({ cursor, node }) => ({ cursor, node: of(node) })),
});

/** Makes `<name>Edge` and `<name>Connection` of the graph for a node type. */
export function connectionTypes<N extends object>(name: string, nodeType: () => ClassType<N>) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, ...bilingual(`One ${name} in a list.`, '列表中的一条') })
  class EdgeType {
    @Field(() => CursorScalar, bilingual('Continue after this one.', '游标'))
    readonly cursor!: string;

    @Field(nodeType, bilingual('The item itself.', '条目'))
    readonly node!: N;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, ...bilingual(`A page of ${name} items.`, '一页结果') })
  class ConnectionType {
    @Field(() => [EdgeType], bilingual('The page, in the order of the list.', '条目'))
    readonly edges!: readonly EdgeType[];

    @Field(() => PageInfo, bilingual('Where the page stands.', '分页信息'))
    readonly pageInfo!: PageInfo;

    @Field(() => Int, {
      nullable: true,
      ...bilingual('Size of the whole list where it is cheap to know.', '总数(可得时)'),
    })
    readonly totalCount!: number | null;
  }

  return { EdgeType, ConnectionType };
}

export function connectionOf<N>(
  edges: readonly Edge<N>[],
  page: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly totalCount: number | null;
    /** Where the page ends, when its last rows are not shown. */
    readonly endCursor?: string | null;
  },
): Connection<N> {
  return {
    edges,
    totalCount: page.totalCount,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: page.endCursor ?? edges.at(-1)?.cursor ?? null,
    },
  };
}
