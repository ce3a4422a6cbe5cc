/** Who asks. Made at the front door from credentials; everything behind it trusts this and nothing else. */
import type { FieldClass } from './field-class.ts';
import type { Action } from './policy.ts';

/** What a caller may act as (domain reference 5.1, roles). */
export const ROLES = [
  /** Everybody, also without credentials. */
  'PUBLIC',
  /** 认定单位: determines notices, lifts and withdraws them. */
  'DETERMINER',
  /** 惩戒实施单位: signs for notices, executes them, reports back. */
  'RECIPIENT',
  /** 联合执法人员: follows all notices of its regions. */
  'ENFORCER',
  /** 督办: follows overdue deliveries and has them repeated. */
  'SUPERVISOR',
  /** 审计: reads everything, changes nothing. */
  'AUDITOR',
  /** 运维: keeps the hub itself: local numbers, endpoints, dead deliveries. */
  'OPERATOR',
] as const;
export type Role = (typeof ROLES)[number];

/** What a credential is limited to, within what its roles may. */
export interface CallerLimits {
  /** null: everything that its roles may do. */
  readonly actions: readonly Action[] | null;
  /** null: every class of facts that its roles may see. */
  readonly classes: readonly FieldClass[] | null;
}

/** The session of a signed token, for asking whether it was ended. */
export interface TokenSession {
  readonly issuer: string;
  /** The identity provider's name for the person or system. */
  readonly userId: string;
  /** null: the token names none. */
  readonly sessionId: string | null;
  readonly tokenId: string | null;
  readonly issuedAt: Date;
}

export interface Caller {
  /** Name under which acts are recorded; never a secret, e.g. "ecology-notices". */
  readonly subject: string;
  /** The department for which the caller acts; null for the public and for the hub's own staff. */
  readonly departmentId: string | null;
  readonly roles: readonly Role[];
  /** Prefixes of GB/T 2260 codes (2, 4 or 6 digits) within which the caller acts, e.g. "52". */
  readonly regions: readonly string[];
  /** The credential in use, for asking again whether it still holds; null for the public. */
  readonly credentialId: string | null;
  /** Absent: everything that its roles may. */
  readonly limits?: CallerLimits;
  /** When the credential ends by its own word; absent where it does not say. */
  readonly validUntil?: Date;
  /** Absent: it came with a key or a certificate, or without credentials. */
  readonly session?: TokenSession;
}

export const PUBLIC_CALLER: Caller = Object.freeze<Caller>({
  subject: 'public',
  departmentId: null,
  roles: ['PUBLIC'],
  regions: [],
  credentialId: null,
});
