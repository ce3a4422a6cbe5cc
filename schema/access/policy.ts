/** Who may do what: one table, one pure function, asked before anything is read or written. */
import { HubError } from '../errors.ts';
import type { Caller, Role } from './caller.ts';

/** ANY: whosever it is. OWN: only where the caller's department is one of those concerned. */
export type Reach = 'ANY' | 'OWN';

const RULES = {
  /** Concerned: the determining department and every recipient. */
  'notice:read': { DETERMINER: 'OWN', RECIPIENT: 'OWN', ENFORCER: 'ANY', SUPERVISOR: 'ANY', AUDITOR: 'ANY' },
  /** Concerned: the determining department. */
  'notice:determine': { DETERMINER: 'OWN' },
  /** Concerned: the recipient of the delivery. */
  'notice:receive': { RECIPIENT: 'OWN' },
  /** Concerned: the determining department. */
  'delivery:repeat': { DETERMINER: 'OWN', SUPERVISOR: 'ANY', OPERATOR: 'ANY' },
  /** Concerned: the department that is called there. */
  'endpoint:manage': { RECIPIENT: 'OWN', OPERATOR: 'ANY' },
  /** Concerned: the department that is to rely on the result. */
  'recognition:submit': { DETERMINER: 'OWN', RECIPIENT: 'OWN' },
  /** Concerned: the department that asked for it. A person's act; its system submits. */
  'recognition:decide': { DETERMINER: 'OWN', SUPERVISOR: 'ANY' },
  'recognition:revoke': { DETERMINER: 'OWN', SUPERVISOR: 'ANY' },
  /** Concerned: the relying department. */
  'recognition:receive': { RECIPIENT: 'OWN' },
  /** Concerned: the requester and every relying department. */
  'recognition:read': { DETERMINER: 'OWN', RECIPIENT: 'OWN', ENFORCER: 'ANY', SUPERVISOR: 'ANY', AUDITOR: 'ANY' },
  /** Whether something has been inspected already. */
  'recognition:ask': { DETERMINER: 'ANY', RECIPIENT: 'ANY', ENFORCER: 'ANY', SUPERVISOR: 'ANY', AUDITOR: 'ANY' },
  /** Clues and results of proficiency tests. Concerned: the department whose finding it is. */
  'finding:record': { DETERMINER: 'OWN' },
  'finding:read': { DETERMINER: 'ANY', ENFORCER: 'ANY', SUPERVISOR: 'ANY', AUDITOR: 'ANY' },
  /** Which local number belongs to which institution. */
  'alias:confirm': { OPERATOR: 'ANY' },
  /** Numbers that wait for a person, and what was decided on them. */
  'alias:read': { OPERATOR: 'ANY', AUDITOR: 'ANY' },
  /** Whether what is counted is serious. Concerned: the department that would determine it. */
  'threshold:decide': { DETERMINER: 'OWN' },
  /** A report was found to be false. Concerned: the department that found it. */
  'falseReport:confirm': { DETERMINER: 'OWN' },
  /** Takes in the party's application. */
  'repair:apply': { DETERMINER: 'ANY', RECIPIENT: 'ANY' },
  /** Concerned: the department whose record is to be repaired. */
  'repair:decide': { DETERMINER: 'OWN' },
  /** Concerned: the departments that hold the entry. */
  'repair:confirm': { DETERMINER: 'OWN', RECIPIENT: 'OWN' },
  /** Credit profiles, classes and scores: an internal tool, never shown to the public. */
  'credit:read': { DETERMINER: 'ANY', RECIPIENT: 'ANY', ENFORCER: 'ANY', SUPERVISOR: 'ANY', AUDITOR: 'ANY' },
  /** What is on record of operations. */
  'audit:read': { AUDITOR: 'ANY' },
} as const satisfies Record<string, Partial<Record<Role, Reach>>>;

export type Action = keyof typeof RULES;
export const ACTIONS = Object.keys(RULES) as readonly Action[];

/** What an act would touch. */
export interface Concerned {
  /** Departments whose act or whose notice it is. */
  readonly departmentIds?: readonly string[];
  /** GB/T 2260 code of the institution concerned; null = unknown, which only callers of the whole province reach. */
  readonly regionCode?: string | null;
}

export const PROVINCE_DIGITS = 2;

/** Whether the caller also acts where no region is known. */
export const reachesUnknownRegions = ({ regions }: Pick<Caller, 'regions'>): boolean =>
  regions.some((prefix) => prefix.length <= PROVINCE_DIGITS);

export function reachesRegion(caller: Pick<Caller, 'regions'>, regionCode: string | null): boolean {
  const { regions } = caller;
  if (regionCode === null) return reachesUnknownRegions(caller);
  return regions.some((prefix) => regionCode.startsWith(prefix));
}

/** Whether the caller's credential is good for this at all, whatever its roles may. */
const isWithinLimits = ({ limits }: Pick<Caller, 'limits'>, action: Action): boolean =>
  limits === undefined || limits.actions === null || limits.actions.includes(action);

/** How far the caller reaches at most with this: nowhere, its own department's, or everybody's of its regions. */
export function reachOf({ roles, limits }: Caller, action: Action): Reach | null {
  if (!isWithinLimits({ limits }, action)) return null;
  const rule: Partial<Record<Role, Reach>> = RULES[action];
  const reaches = roles.map((role) => rule[role]);
  return reaches.includes('ANY') ? 'ANY' : reaches.includes('OWN') ? 'OWN' : null;
}

/** Whether the caller may do this at all, somewhere. */
export const mayEver = (caller: Caller, action: Action): boolean => reachOf(caller, action) !== null;

/** @param concerned what is left out does not restrict */
export function may(caller: Caller, action: Action, { departmentIds, regionCode }: Concerned): boolean {
  const rule: Partial<Record<Role, Reach>> = RULES[action];
  const isOwn = caller.departmentId !== null && (departmentIds ?? []).includes(caller.departmentId);
  return (
    isWithinLimits(caller, action) &&
    // A department that is concerned acts on its own notices wherever the institution is.
    (isOwn || regionCode === undefined || reachesRegion(caller, regionCode)) &&
    caller.roles.some((role) => rule[role] === 'ANY' || (rule[role] === 'OWN' && isOwn))
  );
}

/** @throws HubError UNAUTHENTICATED for the public, FORBIDDEN for everybody else who may not */
export function demand(caller: Caller, action: Action, concerned: Concerned): void {
  if (may(caller, action, concerned)) return;
  if (caller.credentialId === null) {
    throw new HubError('UNAUTHENTICATED', `"${action}" needs credentials: send Authorization: Bearer with an API key.`);
  }
  throw new HubError('FORBIDDEN', `"${caller.subject}" may not do "${action}" here.`);
}

/** The same for a whole list, of which each caller sees its own part. */
export function demandEver(caller: Caller, action: Action): void {
  if (mayEver(caller, action)) return;
  demand(caller, action, { departmentIds: [] });
}
