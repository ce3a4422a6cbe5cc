/** Longest wait of a query for the replica: it must not wait for a store that has gone. */
export const PATIENCE_MS = 400;

/** @throws whatever `ask` throws; Error when it takes longer than that */
export async function withinPatience<T>(ask: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the replica did not answer in time')), patienceMs);
  });
  try {
    return await Promise.race([ask(), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
