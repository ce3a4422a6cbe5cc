/** Finds out who asks, from the credentials of a request. */
import type { IncomingMessage } from 'node:http';
import { PUBLIC_CALLER, type Caller } from '../../schema/access/caller.ts';
import { HttpError } from '../http-errors.ts';
import { presentedCertificate, type CertificateDoor } from './client-certificate.ts';

/**
 * @returns null for credentials that are not, or no longer, valid
 * @throws HttpError that says what is wrong with them
 */
export type CallerOfToken = (token: string) => Promise<Caller | null>;

export interface Doorkeeping {
  readonly callerOf: CallerOfToken;
  /** Absent: nobody is known by a certificate. */
  readonly certificates?: CertificateDoor;
}

const BEARER = /^Bearer +([\w.~+/-]{1,8192}=*) *$/i;

/**
 * A request without credentials is the public's; wrong ones are refused rather than served as the public, so that a
 * partner whose key has ended does not take what the public sees for everything there is. A token goes before the
 * certificate of the connection on which it comes.
 * @param authorization as the caller sent it, by whichever way
 * @throws HttpError 401, or 403 for a certificate in a header that is not a trusted proxy's
 */
export async function identifyCaller(
  authorization: string | undefined,
  request: Pick<IncomingMessage, 'socket' | 'headers'>,
  { callerOf, certificates }: Doorkeeping,
): Promise<Caller> {
  const certificate = certificates === undefined ? null : presentedCertificate(request, certificates);
  if (authorization === undefined)
    return certificate === null || certificates === undefined
      ? PUBLIC_CALLER
      : await certificates.callerOf(certificate);
  const token = BEARER.exec(authorization)?.[1];
  const caller = token === undefined ? null : await callerOf(token);
  if (caller !== null) return caller;
  throw new HttpError(401, 'The credentials are not, or no longer, valid.', 'UNAUTHENTICATED');
}
