import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { HubContext } from '../context.ts';
import { bilingual } from '../description.ts';
import { HubError } from '../errors.ts';
import { departmentOf } from '../notice/department-of.ts';
import { EndpointInput } from './endpoint.input.ts';
import { EndpointSecretType, EndpointType } from './endpoint.type.ts';
import type { Endpoint } from './endpoint.ts';
import type { EndpointService } from './endpoint-service.ts';

const ENDPOINT_ID = bilingual('Its id.', '回调地址标识');

function serviceOf({ endpoints }: HubContext): EndpointService {
  if (endpoints !== null) return endpoints;
  throw new HubError('UNSUPPORTED', 'This hub keeps no documents, and so no endpoints.');
}

function shown(endpoint: Endpoint, context: HubContext, secret: string | null = null): EndpointType {
  const { _id: id, departmentId, ...rest } = endpoint;
  return { ...rest, id, department: departmentOf(departmentId, context), secret };
}

@Resolver()
export class EndpointResolver {
  @Query(() => [EndpointType], bilingual('Endpoints that the caller may manage, by department.', '回调地址列表'))
  async endpoints(@Ctx() context: HubContext): Promise<readonly EndpointType[]> {
    const endpoints = await serviceOf(context).all(context.caller);
    return endpoints.map((endpoint) => shown(endpoint, context));
  }

  @Mutation(
    () => EndpointType,
    bilingual(
      'Registers where a department takes notices; again: replaces the address and the limits, keeps id and secret, and enables it.',
      '登记回调地址',
    ),
  )
  async registerEndpoint(
    @Arg('input', () => EndpointInput, bilingual('What is registered.', '登记内容')) input: EndpointInput,
    @Ctx() context: HubContext,
  ): Promise<EndpointType> {
    const { department, url, ratePerSecond, concurrency, description = null } = input;
    const settings = { url, ratePerSecond, concurrency, description };
    const { endpoint, secret } = await serviceOf(context).register(context.caller, department, settings);
    return shown(endpoint, context, secret);
  }

  @Mutation(
    () => EndpointSecretType,
    bilingual('Gives an endpoint a new secret; the one before it signs for another 24 hours.', '轮换签名密钥'),
  )
  async rotateEndpointSecret(
    @Arg('endpointId', () => ID, ENDPOINT_ID) endpointId: string,
    @Ctx() context: HubContext,
  ): Promise<EndpointSecretType> {
    const { endpoint, secret } = await serviceOf(context).rotateSecret(context.caller, endpointId);
    return { endpoint: shown(endpoint, context), secret, previousUntil: endpoint.secrets[1]?.endsAt ?? null };
  }

  @Mutation(() => EndpointType, bilingual('Has an endpoint called again; its failures are forgotten.', '启用回调地址'))
  async enableEndpoint(
    @Arg('endpointId', () => ID, ENDPOINT_ID) endpointId: string,
    @Ctx() context: HubContext,
  ): Promise<EndpointType> {
    return shown(await serviceOf(context).enable(context.caller, endpointId), context);
  }

  @Mutation(
    () => EndpointType,
    bilingual('Has an endpoint called no more; messages wait until it is enabled or their time is up.', '停用回调地址'),
  )
  async disableEndpoint(
    @Arg('endpointId', () => ID, ENDPOINT_ID) endpointId: string,
    @Arg('reason', () => String, bilingual('Why, for the record.', '原因')) reason: string,
    @Ctx() context: HubContext,
  ): Promise<EndpointType> {
    return shown(await serviceOf(context).disable(context.caller, endpointId, reason), context);
  }
}
