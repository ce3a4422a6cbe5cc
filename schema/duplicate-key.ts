const DUPLICATE_KEY = 11_000;

/** Whether the store refused a write because a unique index holds such a value already. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY;
