/** `hub watch notices`: what it asks for, and as whom. */
import type { HubConfig } from '../config.ts';
import { UsageError } from './usage-error.ts';
import { watchNotices } from './watch-notices.ts';
import type { WATCH_OPTIONS } from './words.ts';

export type WatchWords = { readonly [name in keyof typeof WATCH_OPTIONS]?: string | undefined };

/**
 * Watches until it is interrupted.
 * @param lendToken where neither a hub nor a token is named
 * @returns the exit code
 * @throws UsageError for wrong words
 */
export async function watchCommand(
  config: HubConfig,
  words: readonly string[],
  options: WatchWords,
  lendToken: () => Promise<string | null>,
): Promise<number> {
  if (words.length !== 1 || words[0] !== 'notices') throw new UsageError('Say what to watch: notices.');
  const { url = `http://127.0.0.1:${config.port}/graphql`, after = null, subject, recipient, region } = options;
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new UsageError('--url is no http:// or https:// address.');
  const named = options.token ?? config.token;
  const token = named ?? (options.url === undefined ? await lendToken() : null);
  const filter = {
    ...(subject !== undefined && { subject }),
    ...(recipient !== undefined && { recipient }),
    ...(region !== undefined && { region }),
  };
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  // `hub watch notices | head` closes our output.
  process.stdout.on('error', () => ending.abort());
  const note = (line: string) => void process.stderr.write(`${line}\n`);
  const out = (line: string) => void process.stdout.write(`${line}\n`);
  const refusal = await watchNotices({ url, token, after, filter, out, note, signal: ending.signal });
  if (refusal === null) return 0;
  note(refusal);
  return 1;
}
