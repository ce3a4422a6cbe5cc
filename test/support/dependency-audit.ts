/** What `npm audit` says of the packages that the hub runs with. */
import { z } from 'zod';

const Answer = z.object({
  metadata: z.object({
    vulnerabilities: z.object({ low: z.number(), moderate: z.number(), high: z.number(), critical: z.number() }),
  }),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })),
});

export interface AuditVerdict {
  readonly exitCode: 0 | 1;
  readonly line: string;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * A known serious weakness fails; an audit that cannot be made does not, and says so.
 * @param text as `npm audit --json` prints it
 */
export function auditVerdict(text: string): AuditVerdict {
  const answer = Answer.safeParse(parsed(text));
  if (!answer.success)
    return { exitCode: 0, line: 'Dependencies were NOT audited: the registry does not answer such questions here.' };
  const { vulnerabilities, metadata } = answer.data;
  const { low, moderate, high, critical } = metadata.vulnerabilities;
  const serious = Object.entries(vulnerabilities).flatMap(([name, { severity }]) =>
    severity === 'high' || severity === 'critical' ? [name] : [],
  );
  if (high + critical > 0)
    return { exitCode: 1, line: `Dependencies with known serious weaknesses: ${serious.sort().join(', ')}.` };
  return { exitCode: 0, line: `Dependencies were audited: none serious, ${moderate} moderate, ${low} low.` };
}
