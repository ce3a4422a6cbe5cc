/** SQL servers that the tests may use; see .ci/databases. */

export interface SqlServers {
  /** undefined = not at hand; the tests then run on PGlite alone. */
  readonly postgres: string | undefined;
  readonly mysql: string | undefined;
}

/** @throws Error in CI when a server is missing: what is promised for an engine must have been tried on it */
export function sqlServers(): SqlServers {
  const { TEST_POSTGRES_URL: postgres, TEST_MYSQL_URL: mysql, CI } = process.env;
  if (CI !== undefined && (postgres === undefined || mysql === undefined)) {
    throw new Error('TEST_POSTGRES_URL and TEST_MYSQL_URL must be set in CI; .ci/databases starts both servers');
  }
  return { postgres, mysql };
}
