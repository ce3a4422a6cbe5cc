/** Speed of something that is done again and again for a while. */

export interface Speed {
  readonly what: string;
  readonly perSecond: number;
}

export const WHILE_MS = 2_000;

/**
 * @param atOnce how many run side by side
 * @param work gives how many things it did
 * @param finish is waited for before the clock stops
 */
export async function speedOf(
  what: string,
  atOnce: number,
  work: () => Promise<number>,
  finish: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Speed> {
  const begin = performance.now();
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - begin < WHILE_MS) {
      const more = await work();
      done += more;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await finish();
  return { what, perSecond: done / ((performance.now() - begin) / 1_000) };
}
