/** CPU time of a measured process: what an answer costs, whoever else is busy on the machine. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

const Usage = z.object({ cpuMs: z.number() });

/** In the measured process: answers its parent's question. */
export function answerCpuTime(): void {
  process.on('message', (message) => {
    if (message !== 'cpu-time') return;
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMs: (user + system) / 1000 });
  });
}

/** @returns milliseconds of CPU time that the process has used since it began */
export async function cpuTimeMs(child: ChildProcess): Promise<number> {
  child.send('cpu-time');
  const [message] = (await once(child, 'message')) as [unknown];
  return Usage.parse(message).cpuMs;
}
