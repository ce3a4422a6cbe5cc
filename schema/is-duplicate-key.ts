const DUPLICATE_KEY = 11_000;

/** Whether MongoDB refused a write because somebody else had written a document of that key before. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY;
