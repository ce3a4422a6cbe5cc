/** Settings of who is let in: a part of the configuration. */
import { z } from 'zod';
import { ClaimMappingText, type ClaimMapping } from './auth/tokens/claim-mapping.ts';
import { AddressListText, type AddressList } from './auth/trusted-proxies.ts';
import { wholeNumber } from './whole-number.ts';

/** Asymmetric ones: a public key can then never be taken for a shared secret, and "none" is none of them. */
export const TOKEN_ALGORITHMS = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const),
] as const;

const Algorithms = z.string().transform((text, context) => {
  const named = z
    .array(z.enum(TOKEN_ALGORITHMS))
    .nonempty()
    .safeParse(text.split(',').map((word) => word.trim()));
  if (named.success) return named.data;
  const message = `must be a list of ${TOKEN_ALGORITHMS.join(', ')}`;
  context.issues.push({ code: 'custom', message, input: text });
  return z.NEVER;
});

const path = () => z.string().trim().min(1, 'must be a file').optional();

/** Keys of an identity provider come over TLS; on the machine itself they need not. */
const ProviderAddress = z
  .string()
  .trim()
  .regex(
    /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])[^?#]+$/,
    'must be https://, or http:// on this machine',
  )
  .optional();

export const AccessSettings = z.object({
  HUB_MODE: z
    .enum(['evaluation', 'production'], 'must be evaluation or production')
    .optional()
    .describe(
      'evaluation, or production: only registered documents, no introspection, no GraphiQL, no sample users; when not set, production beside MONGODB_URI, else evaluation',
    ),
  HUB_TLS_CERT_FILE: path().describe(
    'File of the certificate chain with which the hub serves TLS (PEM); when not set, plain HTTP',
  ),
  HUB_TLS_KEY_FILE: path().describe('File of the private key of that certificate (PEM)'),
  HUB_TLS_CLIENT_CA_FILE: path().describe(
    'File of the authorities whose client certificates are known by their subject (PEM); others only when they are registered themselves',
  ),
  HUB_TRUSTED_PROXIES: AddressListText.prefault('').describe(
    'Addresses and networks of the proxies that check client certificates and name them in HUB_CERTIFICATE_HEADER; from all others the header is refused',
  ),
  HUB_CERTIFICATE_HEADER: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z\d-]{1,64}$/, 'must be the name of a header')
    .prefault('client-cert')
    .describe(
      'Header in which a trusted proxy names the client’s certificate: as in RFC 9440, or a percent-encoded PEM',
    ),
  HUB_OIDC_ISSUER: ProviderAddress.describe(
    'Issuer of the signed tokens of departments and staff (OpenID Connect); when not set: in evaluation the hub’s own, else no tokens are accepted',
  ),
  HUB_OIDC_AUDIENCE: z
    .string()
    .trim()
    .min(1, 'must be a text')
    .prefault('urn:joint-credit-hub')
    .describe('Audience that a token must name'),
  HUB_OIDC_JWKS_URL: ProviderAddress.describe(
    'Address of the issuer’s public keys; when not set, the issuer’s own description says it',
  ),
  HUB_OIDC_ALGORITHMS: Algorithms.prefault('RS256,PS256,ES256,EdDSA').describe(
    'Algorithms by which a token may be signed; asymmetric ones only',
  ),
  HUB_OIDC_CLAIMS: ClaimMappingText.prefault('{}').describe(
    'Which claims are roles, department, regions and subject, in JSON (docs/access.md)',
  ),
  HUB_OIDC_CLOCK_TOLERANCE_SECONDS: wholeNumber(0, 60)
    .prefault('5')
    .describe('How far the clocks of issuer and hub may be apart, in seconds'),
  HUB_IDENTITY_PORT: wholeNumber(0, 65_535)
    .prefault('0')
    .describe(
      'Port of the identity provider with sample users, on this machine only, in evaluation; 0 = any free port',
    ),
});

export interface AccessConfig {
  readonly mode: 'evaluation' | 'production';
  /** null: plain HTTP. */
  readonly tls: { readonly certFile: string; readonly keyFile: string; readonly clientCaFile: string | null } | null;
  readonly trustedProxies: AddressList;
  readonly certificateHeader: string;
  readonly tokens: {
    /** null: none is set. */
    readonly issuer: string | null;
    readonly jwksUrl: string | null;
    readonly audience: string;
    readonly algorithms: readonly string[];
    readonly claims: ClaimMapping;
    readonly clockToleranceSeconds: number;
  };
  readonly identityPort: number;
}

type Parsed = z.infer<typeof AccessSettings>;

export function accessConfig(settings: Parsed, mongodbUri: string | null): AccessConfig {
  const certFile = settings.HUB_TLS_CERT_FILE;
  const keyFile = settings.HUB_TLS_KEY_FILE;
  return {
    mode: settings.HUB_MODE ?? (mongodbUri === null ? 'evaluation' : 'production'),
    tls:
      certFile === undefined || keyFile === undefined
        ? null
        : { certFile, keyFile, clientCaFile: settings.HUB_TLS_CLIENT_CA_FILE ?? null },
    trustedProxies: settings.HUB_TRUSTED_PROXIES,
    certificateHeader: settings.HUB_CERTIFICATE_HEADER,
    tokens: {
      issuer: settings.HUB_OIDC_ISSUER ?? null,
      jwksUrl: settings.HUB_OIDC_JWKS_URL ?? null,
      audience: settings.HUB_OIDC_AUDIENCE,
      algorithms: settings.HUB_OIDC_ALGORITHMS,
      claims: settings.HUB_OIDC_CLAIMS,
      clockToleranceSeconds: settings.HUB_OIDC_CLOCK_TOLERANCE_SECONDS,
    },
    identityPort: settings.HUB_IDENTITY_PORT,
  };
}

/** What only several settings together can have wrong. One line each, by name. */
export function accessProblems({ mode, tokens }: AccessConfig, settings: Parsed): readonly string[] {
  const { HUB_TLS_CERT_FILE, HUB_TLS_KEY_FILE, HUB_TLS_CLIENT_CA_FILE } = settings;
  const isInsecure = (address: string | null): boolean => address?.startsWith('http://') ?? false;
  return [
    ...((HUB_TLS_CERT_FILE === undefined) === (HUB_TLS_KEY_FILE === undefined)
      ? []
      : ['HUB_TLS_KEY_FILE: must be set together with HUB_TLS_CERT_FILE']),
    ...(HUB_TLS_CLIENT_CA_FILE !== undefined && HUB_TLS_CERT_FILE === undefined
      ? ['HUB_TLS_CLIENT_CA_FILE: needs HUB_TLS_CERT_FILE and HUB_TLS_KEY_FILE']
      : []),
    ...(mode === 'production' && isInsecure(tokens.issuer) ? ['HUB_OIDC_ISSUER: must be https:// in production'] : []),
    ...(mode === 'production' && isInsecure(tokens.jwksUrl)
      ? ['HUB_OIDC_JWKS_URL: must be https:// in production']
      : []),
    ...(tokens.jwksUrl !== null && tokens.issuer === null ? ['HUB_OIDC_JWKS_URL: needs HUB_OIDC_ISSUER'] : []),
  ];
}
