/** Who asks. Made at the front door from credentials; everything behind it trusts this and nothing else. */

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
}

export const PUBLIC_CALLER: Caller = Object.freeze<Caller>({
  subject: 'public',
  departmentId: null,
  roles: ['PUBLIC'],
  regions: [],
  credentialId: null,
});
