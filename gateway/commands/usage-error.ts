/** What is wrong with the words of a command; the usage is shown beside it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
