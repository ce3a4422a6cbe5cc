/**
 * An OpenID Connect provider with sample users, for evaluation: authorization code flow with PKCE, access tokens as JWT.
 * What it knows is in memory; its keys and all sessions end with the process.
 */
import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { IDENTITY_CLIENT, IDENTITY_REDIRECT, IDENTITY_SCOPE } from './identity-client.ts';
import { findSampleUser } from './sample-users.ts';

export interface IdentityOptions {
  /** Its own address, e.g. "http://127.0.0.1:4010". */
  readonly issuer: string;
  /** For whom tokens are meant: the hub's audience. */
  readonly audience: string;
}

const TOKEN_SECONDS = 3_600;
const SESSION_SECONDS = 8 * 3_600;

/** What a person may be asked for is decided for all sample users at once; nobody is asked to consent. */
async function grantOf(ctx: KoaContextWithOIDC, audience: string) {
  const { client, session, provider } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  grant.addResourceScope(audience, IDENTITY_SCOPE);
  await grant.save();
  return grant;
}

async function configuration({ audience }: IdentityOptions): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const signingKey = {
    ...(await exportJWK(privateKey)),
    alg: 'ES256',
    use: 'sig',
    kid: randomBytes(8).toString('hex'),
  };
  return {
    clients: [
      {
        client_id: IDENTITY_CLIENT,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: [IDENTITY_REDIRECT],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [signingKey] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    scopes: ['openid'],
    ttl: {
      AccessToken: TOKEN_SECONDS,
      AuthorizationCode: 60,
      Grant: SESSION_SECONDS,
      IdToken: TOKEN_SECONDS,
      Interaction: 600,
      Session: SESSION_SECONDS,
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => (findSampleUser(id) === null ? undefined : { accountId: id, claims: () => ({ sub: id }) }),
    loadExistingGrant: (ctx) => grantOf(ctx, audience),
    renderError(ctx, { error, error_description: description = '' }) {
      ctx.type = 'text/plain';
      ctx.body = `${error}: ${description}\n`;
    },
    extraTokenClaims(_, token) {
      const user = 'accountId' in token ? findSampleUser(token.accountId) : null;
      if (user === null) return undefined;
      const { roles, department, regions } = user;
      const sid = 'sessionUid' in token && token.sessionUid !== undefined ? { sid: token.sessionUid } : {};
      return { roles: [...roles], regions: [...regions], ...(department !== null && { department }), ...sid };
    },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: IDENTITY_SCOPE,
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: TOKEN_SECONDS,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}

export async function createProvider(options: IdentityOptions): Promise<Provider> {
  return new Provider(options.issuer, await configuration(options));
}
