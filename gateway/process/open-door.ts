/** Who is let in at the front door, and for how long: keys, certificates and signed tokens, as the operator has set them. */
import { ClientCertificates } from '../../schema/access/client-certificates.ts';
import { RevokedSessions } from '../../schema/access/revoked-sessions.ts';
import { Credentials } from '../auth/credentials.ts';
import { providerKeys } from '../auth/tokens/provider-keys.ts';
import { TokenVerifier } from '../auth/tokens/token-verifier.ts';
import type { HttpServerOptions } from '../http-server.ts';
import { readTlsFiles } from '../tls.ts';
import type { OpenedHub } from './open-hub.ts';

type Door = Pick<HttpServerOptions<never>, 'callerOf' | 'certificates' | 'stillHolds' | 'tls'>;

/** @param sampleIssuer the identity provider with sample users; null = it does not run */
export async function openDoor(
  { config, backing, keys, log }: Pick<OpenedHub, 'config' | 'backing' | 'keys' | 'log'>,
  sampleIssuer: string | null,
): Promise<Door> {
  const { tokens: rules, trustedProxies, certificateHeader } = config.access;
  const issuer = rules.issuer ?? sampleIssuer;
  const revoked = new RevokedSessions(backing.connection);
  const tokens =
    issuer === null
      ? null
      : new TokenVerifier({
          rules: { ...rules, issuer },
          keys: providerKeys({ issuer, jwksUrl: rules.jwksUrl }),
          revoked,
          departments: config.departments.map(({ definition }) => definition.department.id),
        });
  const certificates = new ClientCertificates(backing.connection);
  const credentials = new Credentials({ keys, certificates, revoked, tokens });
  return {
    callerOf: (token) => credentials.callerOf(token),
    stillHolds: (caller) => credentials.stillHolds(caller),
    certificates: {
      trustedProxies,
      header: certificateHeader,
      callerOf: (certificate) => credentials.callerOfCertificate(certificate),
      onForged: (remoteAddress) =>
        log.warn({ remoteAddress }, 'a certificate in a header came from an address that is no trusted proxy'),
    },
    tls: config.access.tls === null ? null : await readTlsFiles(config.access.tls),
  };
}
