/** The reference upstreams as a process of their own, so that they do not compete with the hub for its thread. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';

export interface UpstreamProcess<Report> {
  /** Where the upstreams are. */
  readonly report: Report;
  readonly pid: number;
  /** Tells it something; nothing happens when it has gone. */
  tell(message: object): void;
  /** Resolves with a description when the process ends without having been asked to. */
  readonly died: Promise<string>;
  /** Asks it to end and waits; kills it when it does not. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 2_000;

const describeExit = (code: number | null, signal: string | null): string =>
  signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;

async function firstReport<Report>(child: ChildProcess, parse: (message: unknown) => Report): Promise<Report> {
  const giveUp = AbortSignal.timeout(START_TIMEOUT_MS);
  const reported = once(child, 'message', { signal: giveUp }).then(([message]) => parse(message));
  const ended = once(child, 'exit', { signal: giveUp }).then((exit) => {
    const [code, signal] = exit as [number | null, string | null];
    throw new Error(`The reference upstreams did not start (${describeExit(code, signal)}).`);
  });
  ended.catch(() => undefined);
  return await Promise.race([reported, ended]);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(kill);
}

/**
 * @param parseReport reads what the process says once it has started
 * @throws Error when the process ends or stays silent before it has reported
 */
export async function startUpstreamProcess<Report>(
  departmentIds: readonly string[],
  worldSize: number,
  parseReport: (message: unknown) => Report,
): Promise<UpstreamProcess<Report>> {
  const program = join(import.meta.dirname, '..', 'sources', `reference-upstreams${extname(import.meta.filename)}`);
  const child = fork(program, [String(worldSize), ...departmentIds]);
  let isAskedToStop = false;
  const died = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      if (!isAskedToStop) resolve(describeExit(code, signal));
    });
  });
  try {
    return {
      report: await firstReport(child, parseReport),
      pid: child.pid ?? 0,
      died,
      tell(message) {
        if (child.connected) child.send(message, () => undefined);
      },
      async stop() {
        isAskedToStop = true;
        await end(child);
      },
    };
  } catch (error) {
    isAskedToStop = true;
    await end(child);
    throw error;
  }
}
