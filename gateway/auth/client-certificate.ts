/** The certificate that a peer has shown: in the hub's own TLS, or to a proxy before it, which says so in a header. */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Caller } from '../../schema/access/caller.ts';
import type { PresentedCertificate } from '../../schema/access/client-certificates.ts';
import { HttpError } from '../http-errors.ts';
import { includesAddress, type AddressList } from './trusted-proxies.ts';

export interface CertificateDoor {
  /** Proxies that check certificates and name them in the header; from anybody else the header is refused. */
  readonly trustedProxies: AddressList;
  /** In lower case. */
  readonly header: string;
  /** @throws HttpError 401 */
  readonly callerOf: (certificate: PresentedCertificate) => Promise<Caller>;
  /** Told of a header that came from a stranger. */
  readonly onForged: (remoteAddress: string | undefined) => void;
}

/** Node gives nothing, other than it says, where a certificate names nobody. */
const nameIn = (name: string | undefined): string => name ?? '';

export function describeCertificate(certificate: X509Certificate, isVouchedFor: boolean): PresentedCertificate {
  return {
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    // One line per part, with everything escaped that could be taken for another part.
    subjectName: nameIn(certificate.subject),
    issuerName: nameIn(certificate.issuer),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    isVouchedFor,
  };
}

/** `:base64:` as in RFC 9440, or a percent-encoded PEM as nginx writes it. */
function certificateIn(header: string): X509Certificate | null {
  try {
    const [, base64] = /^:([A-Za-z0-9+/=]+):$/.exec(header) ?? [];
    return new X509Certificate(base64 === undefined ? decodeURIComponent(header) : Buffer.from(base64, 'base64'));
  } catch {
    return null;
  }
}

/**
 * @returns null where none was shown
 * @throws HttpError 403 for a header that is not a trusted proxy's, 400 for one that holds no certificate
 */
export function presentedCertificate(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  { trustedProxies, header, onForged }: CertificateDoor,
): PresentedCertificate | null {
  const named = headers[header]?.toString();
  const { remoteAddress } = socket;
  const isProxy = includesAddress(trustedProxies, remoteAddress);
  if (named !== undefined && !isProxy) {
    onForged(remoteAddress);
    throw new HttpError(403, `The header ${header} is taken from the hub's own proxies only.`, 'FORBIDDEN');
  }
  if (named !== undefined && named !== '') {
    const certificate = certificateIn(named);
    if (certificate !== null) return describeCertificate(certificate, true);
    throw new HttpError(400, `The header ${header} holds no certificate.`);
  }
  // What a proxy shows of itself says nothing of its client.
  if (isProxy || !(socket instanceof TLSSocket)) return null;
  const shown = socket.getPeerX509Certificate();
  return shown === undefined ? null : describeCertificate(shown, socket.authorized);
}
