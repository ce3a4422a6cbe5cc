/** Which process holds something on this machine, and whether it still lives. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A pid alone may since have been given to another process. */
export const Owner = z.object({ pid: z.number().int().positive(), startedAt: z.string().nullable() });
export type Owner = z.infer<typeof Owner>;

const START_TIME_FIELD = 19;

/** Whether an error of the system has this code. */
export const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;

/** When a process began, in the kernel's own unit; null where the system does not tell or there is no such process. */
async function startTimeOf(pid: number): Promise<string | null> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold blanks.
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[START_TIME_FIELD] ?? null;
  } catch {
    return null;
  }
}

export const thisProcess = async (): Promise<Owner> => ({
  pid: process.pid,
  startedAt: await startTimeOf(process.pid),
});

export async function lives({ pid, startedAt }: Owner): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // It lives, but is somebody else's.
    if (!hasCode(error, 'EPERM')) return false;
  }
  const now = await startTimeOf(pid);
  return startedAt === null || now === null || now === startedAt;
}
