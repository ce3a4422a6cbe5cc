import { describe, expect, it } from '@jest/globals';
import { PUBLIC_CALLER, ROLES, type Caller, type Role } from '../../schema/access/caller.ts';
import { demand, demandEver, may, mayEver, type Action } from '../../schema/access/policy.ts';

const GUIYANG = '520115';
const ZUNYI = '520303';

const caller = (role: Role, over: Partial<Caller> = {}): Caller => ({
  subject: 'test',
  departmentId: 'ecology',
  roles: ['PUBLIC', role],
  regions: ['52'],
  credentialId: 'k1',
  ...over,
});

/** own = the caller's department is concerned; other = another one is. */
const TABLE: Readonly<Record<Action, Readonly<Partial<Record<Role, 'own' | 'own other'>>>>> = {
  'notice:read': {
    DETERMINER: 'own',
    RECIPIENT: 'own',
    ENFORCER: 'own other',
    SUPERVISOR: 'own other',
    AUDITOR: 'own other',
  },
  'notice:determine': { DETERMINER: 'own' },
  'notice:receive': { RECIPIENT: 'own' },
  'delivery:repeat': { DETERMINER: 'own', SUPERVISOR: 'own other', OPERATOR: 'own other' },
  'endpoint:manage': { RECIPIENT: 'own', OPERATOR: 'own other' },
  'recognition:submit': { DETERMINER: 'own', RECIPIENT: 'own' },
  'recognition:decide': { DETERMINER: 'own', SUPERVISOR: 'own other' },
  'recognition:revoke': { DETERMINER: 'own', SUPERVISOR: 'own other' },
  'recognition:receive': { RECIPIENT: 'own' },
  'recognition:read': {
    DETERMINER: 'own',
    RECIPIENT: 'own',
    ENFORCER: 'own other',
    SUPERVISOR: 'own other',
    AUDITOR: 'own other',
  },
  'recognition:ask': {
    DETERMINER: 'own other',
    RECIPIENT: 'own other',
    ENFORCER: 'own other',
    SUPERVISOR: 'own other',
    AUDITOR: 'own other',
  },
  'finding:record': { DETERMINER: 'own' },
  'finding:read': {
    DETERMINER: 'own other',
    ENFORCER: 'own other',
    SUPERVISOR: 'own other',
    AUDITOR: 'own other',
  },
  'alias:confirm': { OPERATOR: 'own other' },
  'alias:read': { OPERATOR: 'own other', AUDITOR: 'own other' },
  'threshold:decide': { DETERMINER: 'own' },
  'falseReport:confirm': { DETERMINER: 'own' },
  'repair:apply': { DETERMINER: 'own other', RECIPIENT: 'own other' },
  'repair:decide': { DETERMINER: 'own' },
  'repair:confirm': { DETERMINER: 'own', RECIPIENT: 'own' },
  'credit:read': {
    DETERMINER: 'own other',
    RECIPIENT: 'own other',
    ENFORCER: 'own other',
    SUPERVISOR: 'own other',
    AUDITOR: 'own other',
  },
  'audit:read': { AUDITOR: 'own other' },
};
const cases = (Object.keys(TABLE) as Action[]).flatMap((action) =>
  ROLES.flatMap((role) =>
    (['own', 'other'] as const).map((whose) => {
      const expected = TABLE[action][role]?.split(' ').includes(whose) ?? false;
      return { action, role, whose, expected, verb: expected ? 'lets' : 'does not let' };
    }),
  ),
);

describe('the policy', () => {
  it.each(cases)(
    '$verb $role do $action where $whose departments are concerned',
    ({ action, role, whose, expected }) => {
      const departmentIds = [whose === 'own' ? 'ecology' : 'transport'];
      expect(may(caller(role), action, { departmentIds, regionCode: GUIYANG })).toBe(expected);
    },
  );

  it('keeps staff of a region to its region, and staff of a province out of none of it', () => {
    const enforcer = caller('ENFORCER', { departmentId: null, regions: ['5201'] });
    expect(may(enforcer, 'notice:read', { departmentIds: ['transport'], regionCode: GUIYANG })).toBe(true);
    expect(may(enforcer, 'notice:read', { departmentIds: ['transport'], regionCode: ZUNYI })).toBe(false);
    expect(may(enforcer, 'notice:read', { departmentIds: ['transport'], regionCode: null })).toBe(false);
    const provincial = caller('ENFORCER', { departmentId: null });
    expect(may(provincial, 'notice:read', { departmentIds: ['transport'], regionCode: null })).toBe(true);
    expect(may(caller('ENFORCER', { regions: [] }), 'notice:read', { regionCode: GUIYANG })).toBe(false);
  });

  it('lets a recipient act on what was sent to it, wherever the institution is', () => {
    const recipient = caller('RECIPIENT', { regions: ['5203'] });
    expect(may(recipient, 'notice:receive', { departmentIds: ['ecology'], regionCode: GUIYANG })).toBe(true);
  });

  it('tells the public to send credentials and others that they may not', () => {
    expect(() => demand(PUBLIC_CALLER, 'notice:read', {})).toThrow(
      expect.objectContaining({ code: 'UNAUTHENTICATED' }),
    );
    expect(() => demand(caller('RECIPIENT'), 'notice:determine', { departmentIds: ['ecology'] })).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN' }),
    );
    expect(() => demandEver(caller('AUDITOR'), 'notice:determine')).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN' }),
    );
    expect(() => demandEver(caller('DETERMINER'), 'notice:determine')).not.toThrow();
    expect(mayEver(PUBLIC_CALLER, 'notice:read')).toBe(false);
  });
});
