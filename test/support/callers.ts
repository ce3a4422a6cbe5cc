/** Callers for tests that are about something else than access. */
import type { Caller } from '../../schema/access/caller.ts';

/**
 * Joint-enforcement staff of the whole province, of no department: sees all that departments share, and personal data
 * masked.
 */
export const INSPECTOR: Caller = {
  subject: 'inspector',
  departmentId: null,
  roles: ['PUBLIC', 'ENFORCER'],
  regions: ['52'],
  credentialId: 'inspector',
};

/** For conditional facts. */
export const IN_A_CASE = { purpose: 'ENFORCEMENT', caseNumber: '示环罚〔2026〕12号' } as const;
