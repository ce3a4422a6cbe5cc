/** Checks as the graph shows them. */
import type { HubContext } from '../context.ts';
import { departmentOf } from '../notice/department-of.ts';
import type { RecognitionCheck } from '../verification/verification.type.ts';
import type { Check } from './check.ts';

export function checkNode(
  { code, name, passed, evidence, coverage, doubt }: Check,
  context: Pick<HubContext, 'registry'>,
): RecognitionCheck {
  if (coverage === null) return { code, name, passed, evidence, doubt, coverage };
  const { departmentId, ...answer } = coverage;
  return {
    code,
    name,
    passed,
    evidence,
    doubt,
    coverage: { ...answer, department: departmentOf(departmentId, context) },
  };
}
