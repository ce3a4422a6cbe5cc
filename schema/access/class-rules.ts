/**
 * Who sees facts of which class, and who sees personal data unmasked: two tables (domain reference 4.4; docs/access.md).
 * What is not in a table is not seen.
 */
import type { Role } from './caller.ts';
import type { FieldClass } from './field-class.ts';

/**
 * When a role sees something:
 * ALWAYS; OWN_FACTS: facts of the caller's own department; DEPARTMENT: the caller acts for a department;
 * IN_CASE: it has said a purpose and a case number; IN_AUDIT: the purpose is AUDIT, and it has said a case number.
 */
export type Term = 'ALWAYS' | 'OWN_FACTS' | 'DEPARTMENT' | 'IN_CASE' | 'IN_AUDIT';

/** One of a role's terms must be met. */
export type Terms = Readonly<Partial<Record<Role, readonly Term[]>>>;

export const CLASS_RULES: Readonly<Record<FieldClass, Terms>> = {
  PUBLIC: { PUBLIC: ['ALWAYS'] },
  DEPT_SHARED: {
    DETERMINER: ['ALWAYS'],
    RECIPIENT: ['ALWAYS'],
    ENFORCER: ['ALWAYS'],
    SUPERVISOR: ['ALWAYS'],
    AUDITOR: ['ALWAYS'],
  },
  CONDITIONAL: {
    DETERMINER: ['OWN_FACTS', 'IN_CASE'],
    RECIPIENT: ['OWN_FACTS', 'IN_CASE'],
    ENFORCER: ['OWN_FACTS', 'IN_CASE'],
    AUDITOR: ['IN_AUDIT'],
  },
  RESTRICTED: {
    DETERMINER: ['OWN_FACTS'],
    RECIPIENT: ['OWN_FACTS'],
    ENFORCER: ['OWN_FACTS'],
    AUDITOR: ['IN_AUDIT'],
  },
};

/** Kinds of personal data that are masked wherever they leave the hub. */
export const PERSONAL_KINDS = ['PERSON_NAME', 'SIGNATORY', 'PHONE', 'PLATE', 'VIN'] as const;
export type PersonalKind = (typeof PERSONAL_KINDS)[number];

/** "Plate full only to the four departments"; names and phones only where a case needs them. */
export const UNMASKED_RULES: Readonly<Record<PersonalKind, Terms>> = {
  PERSON_NAME: { DETERMINER: ['IN_CASE'], RECIPIENT: ['IN_CASE'], ENFORCER: ['IN_CASE'], AUDITOR: ['IN_AUDIT'] },
  PHONE: { DETERMINER: ['IN_CASE'], RECIPIENT: ['IN_CASE'], ENFORCER: ['IN_CASE'], AUDITOR: ['IN_AUDIT'] },
  SIGNATORY: {
    DETERMINER: ['DEPARTMENT'],
    RECIPIENT: ['DEPARTMENT'],
    ENFORCER: ['DEPARTMENT', 'IN_CASE'],
    AUDITOR: ['IN_AUDIT'],
  },
  PLATE: {
    DETERMINER: ['DEPARTMENT'],
    RECIPIENT: ['DEPARTMENT'],
    ENFORCER: ['DEPARTMENT', 'IN_CASE'],
    AUDITOR: ['IN_AUDIT'],
  },
  VIN: {
    DETERMINER: ['DEPARTMENT'],
    RECIPIENT: ['DEPARTMENT'],
    ENFORCER: ['DEPARTMENT', 'IN_CASE'],
    AUDITOR: ['IN_AUDIT'],
  },
};
