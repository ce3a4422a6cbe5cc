/**
 * How openly a fact is shared (domain reference 4.4):
 * PUBLIC 公开, DEPT_SHARED 无条件共享, CONDITIONAL 有条件共享 (for a purpose, in a case), RESTRICTED 不予共享.
 * From open to closed.
 */
export const FIELD_CLASSES = ['PUBLIC', 'DEPT_SHARED', 'CONDITIONAL', 'RESTRICTED'] as const;
export type FieldClass = (typeof FIELD_CLASSES)[number];
