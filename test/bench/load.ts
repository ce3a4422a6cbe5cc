/** Puts a steady load on one address and counts answers. */
import { Pool } from 'undici';

export interface Target {
  readonly address: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string | null;
  /** null: without credentials. */
  readonly token?: string;
  /** Throws when an answer is not what was asked for: a fast error is no result. */
  check(body: string): void;
}

export interface Measurement {
  readonly answers: number;
  readonly perSecond: number;
  readonly medianMs: number;
}

/** @param connections requests in progress at any time */
export async function measure(target: Target, connections: number, durationMs: number): Promise<Measurement> {
  const pool = new Pool(target.address, { connections });
  const latencies: number[] = [];
  const begin = performance.now();
  const worker = async (): Promise<void> => {
    while (performance.now() - begin < durationMs) {
      const sent = performance.now();
      const { statusCode, body } = await pool.request({
        method: target.method,
        path: target.path,
        body: target.body,
        headers: {
          'content-type': 'application/json',
          ...(target.token !== undefined && { authorization: `Bearer ${target.token}` }),
        },
      });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`HTTP ${statusCode}: ${text.slice(0, 200)}`);
      target.check(text);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = (performance.now() - begin) / 1000;
  await pool.close();
  latencies.sort((a, b) => a - b);
  return {
    answers: latencies.length,
    perSecond: latencies.length / seconds,
    medianMs: latencies[Math.floor(latencies.length / 2)] ?? Number.NaN,
  };
}
