/** Servers measured turn and turn about, so that what else happens on the machine hurts all alike. */
import type { ChildProcess } from 'node:child_process';
import { cpuTimeMs } from './cpu-time.ts';
import { measure, type Measurement, type Target } from './load.ts';

export const CONNECTIONS = 16;
export const TURN_MS = 4_000;
export const ROUNDS = 3;

export interface Run extends Measurement {
  /** CPU time of the server per answer. */
  readonly cpuMs: number;
}

export interface Contestant {
  readonly process: ChildProcess;
  readonly target: Target;
}

async function turnOf({ process, target }: Contestant): Promise<Run> {
  const before = await cpuTimeMs(process);
  const measured = await measure(target, CONNECTIONS, TURN_MS);
  return { ...measured, cpuMs: ((await cpuTimeMs(process)) - before) / measured.answers };
}

/** @returns the rounds of each contestant, in the order given */
export async function takeTurns(
  contestants: readonly Contestant[],
  rounds = ROUNDS,
): Promise<readonly (readonly Run[])[]> {
  for (const { target } of contestants) await measure(target, CONNECTIONS, TURN_MS / 2);
  const runs = contestants.map((): Run[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) runs[index]?.push(await turnOf(contestant));
  }
  return runs;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
