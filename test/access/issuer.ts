/** An identity provider under the test's own hand: any key, any header, any claim. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompactSign, exportJWK, generateKeyPair, type JWK, type JWTPayload } from 'jose';

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function signingKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function sign(
  claims: JWTPayload,
  { kid, alg, privateKey }: Pick<SigningKey, 'kid' | 'alg' | 'privateKey'>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(claims));
  return await new CompactSign(text).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
}

export interface Issuer {
  readonly url: string;
  /** What it publishes; changed at will. */
  keys: JWK[];
  /** Whether it answers. */
  isUp: boolean;
  /** Times that its keys were read. */
  readings: number;
  close(): Promise<void>;
}

export async function startIssuer(keys: JWK[]): Promise<Issuer> {
  const server = createServer((request, response) => {
    const isDescription = request.url === '/.well-known/openid-configuration';
    if (!isDescription) issuer.readings += 1;
    const answer = isDescription ? { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` } : { keys: issuer.keys };
    response.writeHead(issuer.isUp ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: Issuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    isUp: true,
    readings: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;
}
