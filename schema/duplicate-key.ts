const DUPLICATE_KEY = 11_000;

/** Whether a write failed because a document with the same unique key is there already. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY;
