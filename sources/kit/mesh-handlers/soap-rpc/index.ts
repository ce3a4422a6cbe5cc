import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';

export default class Handler {
  constructor(private readonly options: { name: string; config: unknown; baseDir: string }) {}
  getMeshSource() {
    return Promise.resolve({
      schema: new GraphQLSchema({
        query: new GraphQLObjectType({
          name: 'Query',
          fields: { hello: { type: GraphQLString, resolve: () => this.options.name } },
        }),
      }),
    });
  }
}
