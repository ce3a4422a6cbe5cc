/** Every way in which callers show who they are, behind the two questions that the front door asks. */
import type { ApiKeys } from '../../schema/access/api-keys.ts';
import type { Caller } from '../../schema/access/caller.ts';
import type { ClientCertificates, PresentedCertificate } from '../../schema/access/client-certificates.ts';
import type { RevokedSessions } from '../../schema/access/revoked-sessions.ts';
import { HttpError } from '../http-errors.ts';
import { looksSigned, type TokenVerifier } from './tokens/token-verifier.ts';

export interface CredentialParts {
  readonly keys: ApiKeys;
  readonly certificates: ClientCertificates;
  readonly revoked: RevokedSessions;
  /** null: no identity provider is set. */
  readonly tokens: Pick<TokenVerifier, 'callerOf'> | null;
  readonly now?: () => Date;
}

export class Credentials {
  readonly #parts: CredentialParts;

  constructor(parts: CredentialParts) {
    this.#parts = parts;
  }

  /**
   * @returns null for a key that is not, or no longer, valid
   * @throws HttpError 401 saying what is wrong with a signed token
   */
  async callerOf(token: string): Promise<Caller | null> {
    const { keys, tokens } = this.#parts;
    if (!looksSigned(token)) return await keys.callerOf(token);
    if (tokens !== null) return await tokens.callerOf(token);
    throw new HttpError(401, 'This hub accepts no tokens of an identity provider: none is set.', 'UNAUTHENTICATED');
  }

  /** @throws HttpError 401 saying what is wrong with the certificate */
  async callerOfCertificate(certificate: PresentedCertificate): Promise<Caller> {
    const caller = await this.#parts.certificates.callerOf(certificate);
    if ('refusal' in caller) throw new HttpError(401, caller.refusal, 'UNAUTHENTICATED');
    return caller;
  }

  /** Whether the credentials of a caller, once accepted, still hold; for connections that stay open. */
  async stillHolds({ credentialId, validUntil, session }: Caller): Promise<boolean> {
    const { keys, certificates, revoked, now = () => new Date() } = this.#parts;
    if (credentialId === null) return true;
    if (validUntil !== undefined && validUntil <= now()) return false;
    if (session !== undefined) return !(await revoked.isRevoked(session));
    return await (certificates.stillHolds(credentialId) ?? keys.stillHolds(credentialId));
  }
}
