/** Signed tokens (JWT) of departments and staff, as an OpenID Connect provider gives them out. */
import { createHash } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { Caller, TokenSession } from '../../../schema/access/caller.ts';
import type { RevokedSessions } from '../../../schema/access/revoked-sessions.ts';
import { HubError } from '../../../schema/errors.ts';
import { HttpError } from '../../http-errors.ts';
import { holderOf, type ClaimMapping } from './claim-mapping.ts';
import { KeysUnavailable } from './provider-keys.ts';

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  /** Asymmetric ones only, so that a public key is never taken for a shared secret. */
  readonly algorithms: readonly string[];
  readonly clockToleranceSeconds: number;
  readonly claims: ClaimMapping;
}

export interface TokenVerifierParts {
  readonly rules: TokenRules;
  readonly keys: JWTVerifyGetKey;
  readonly revoked: Pick<RevokedSessions, 'isRevoked'>;
  /** Ids of departments that the hub knows. */
  readonly departments: readonly string[];
  readonly now?: () => Date;
}

/** Of access tokens (RFC 9068) and of those that say nothing; e.g. a logout token is none. */
const TYPES: ReadonlySet<string> = new Set(['JWT', 'AT+JWT', 'APPLICATION/AT+JWT']);

const refused = (message: string): HttpError => new HttpError(401, message, 'UNAUTHENTICATED');

/** What is wrong with a token, in words for its holder: never its content. */
function refusalFor(error: unknown, { issuer, audience, algorithms }: TokenRules): HttpError {
  if (error instanceof KeysUnavailable)
    return new HttpError(
      503,
      'The keys of the identity provider cannot be read just now; try again later.',
      'SOURCE_UNAVAILABLE',
    );
  if (error instanceof HubError) return refused(error.message);
  if (error instanceof errors.JWTExpired) return refused('The token has expired; get a new one.');
  if (error instanceof errors.JOSEAlgNotAllowed)
    return refused(`The token is not signed by an algorithm that is accepted here: ${algorithms.join(', ')}.`);
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'missing') return refused(`The token has no claim "${error.claim}".`);
    if (error.claim === 'iss') return refused(`The token is not of the issuer that is accepted here: ${issuer}.`);
    if (error.claim === 'aud') return refused(`The token is meant for another audience than ${audience}.`);
    if (error.claim === 'nbf') return refused('The token is not valid yet.');
    return refused(`The claim "${error.claim}" of the token cannot be used.`);
  }
  if (error instanceof errors.JWKSNoMatchingKey)
    return refused('The token is signed with a key that its issuer does not publish.');
  if (error instanceof errors.JWSSignatureVerificationFailed) return refused('The signature of the token is wrong.');
  if (error instanceof errors.JOSEError) return refused('The token cannot be read.');
  throw error;
}

const secondsToDate = (seconds: number): Date => new Date(seconds * 1_000);

function sessionOf({ iss, sub, sid, jti, iat }: JWTPayload): TokenSession {
  return {
    issuer: iss ?? '',
    userId: sub ?? '',
    sessionId: typeof sid === 'string' && sid !== '' ? sid : null,
    tokenId: jti ?? null,
    issuedAt: secondsToDate(iat ?? 0),
  };
}

/** Header, payload, signature. */
export const looksSigned = (token: string): boolean => token.split('.').length === 3;

export class TokenVerifier {
  readonly #parts: TokenVerifierParts;

  constructor(parts: TokenVerifierParts) {
    this.#parts = parts;
  }

  /** @throws HttpError 401 saying what is wrong with the token, 503 when it cannot be told */
  async callerOf(token: string): Promise<Caller> {
    const { rules, revoked, departments } = this.#parts;
    try {
      const payload = await this.#verify(token);
      const session = sessionOf(payload);
      if (await revoked.isRevoked(session))
        throw new HubError('UNAUTHENTICATED', 'The session of the token was ended; sign in again.');
      return {
        ...holderOf(payload, rules.claims, departments),
        credentialId: `token:${session.tokenId ?? createHash('sha256').update(token).digest('base64url')}`,
        validUntil: secondsToDate((payload.exp ?? 0) + rules.clockToleranceSeconds),
        session,
      };
    } catch (error) {
      throw refusalFor(error, rules);
    }
  }

  async #verify(token: string): Promise<JWTPayload> {
    const { rules, keys, now = () => new Date() } = this.#parts;
    const { issuer, audience, algorithms, clockToleranceSeconds } = rules;
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      ...{ issuer, audience, algorithms: [...algorithms], clockTolerance: clockToleranceSeconds },
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: now(),
    });
    if (protectedHeader.typ !== undefined && !TYPES.has(protectedHeader.typ.toUpperCase()))
      throw new HubError('UNAUTHENTICATED', 'The token is no access token.');
    if (secondsToDate((payload.iat ?? 0) - clockToleranceSeconds) > now())
      throw new HubError('UNAUTHENTICATED', 'The token was issued in the future.');
    return payload;
  }
}
