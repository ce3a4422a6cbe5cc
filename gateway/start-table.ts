import type { SourceState } from '../schema/ports.ts';

export interface StartedDepartment {
  readonly name: string;
  readonly protocol: string;
  readonly address: string;
  readonly state: SourceState;
  readonly usesReferenceUpstream: boolean;
}

export interface StartFacts {
  /** e.g. "http://127.0.0.1:4000/graphql" */
  readonly graphAddress: string;
  /** Where faults of the reference upstreams are switched on; null when every department is the real one. */
  readonly controlAddress: string | null;
  /** Where sample users sign in, and the folder through which the command line finds it; null when they may not. */
  readonly identity: { readonly address: string; readonly dataFolder: string } | null;
  /** Where documents and jobs are kept, for people. */
  readonly store: string;
  readonly queue: string;
  readonly departments: readonly StartedDepartment[];
}

/** Needs every department. */
const SAMPLE_QUERY = `{
  institution(creditCode: "91520115MAYDM00198") {
    name status
    qualifications { scheme number status validTo }
    inspections(first: 3) { edges { node { __typename startedAt result } } }
    penalties(first: 3) { edges { node { documentNumber decidedOn fineFen } } }
    coverage { department { name } facet status }
  }
}`.replaceAll(/\s+/g, ' ');

/** Quotes a text for a POSIX shell. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * A query that can be pasted into a shell as it stands.
 * @param dataFolder of a hub at which sample users may sign in; null = asked as the public
 */
export function sampleCommand(graphAddress: string, dataFolder: string | null): string {
  const token = `$(HUB_DATA_DIR=${shellQuote(dataFolder ?? '')} npm run -s hub -- identity token enforcer)`;
  const credentials = dataFolder === null ? '' : ` -H "authorization: Bearer ${token}"`;
  const body = shellQuote(JSON.stringify({ query: SAMPLE_QUERY }));
  return `curl -s ${shellQuote(graphAddress)}${credentials} -H 'content-type: application/json' -d ${body}`;
}

/** Each column as wide as its widest cell. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<readonly number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** What `npm start` prints once the hub serves. */
export function startTable(facts: StartFacts): string {
  const { graphAddress, controlAddress, identity, store, queue, departments } = facts;
  const general = [
    ['Graph', graphAddress],
    ['GraphiQL', `open the same address in a browser`],
    ['Readiness', new URL('/readyz', graphAddress).href],
    ['Store', store],
    ['Queue', queue],
    ...(controlAddress === null ? [] : [['Upstream control', controlAddress]]),
    ...(identity === null ? [] : [['Sample users', `${identity.address}; npm run hub -- identity users`]]),
  ];
  const sources = [
    ['Department', 'Protocol', 'Address', 'State', 'Upstream'],
    ...departments.map((each) => [
      each.name,
      each.protocol,
      each.address,
      each.state,
      each.usesReferenceUpstream ? 'reference' : 'configured',
    ]),
  ];
  return [
    'Joint credit hub',
    '',
    ...alignColumns(general),
    '',
    ...alignColumns(sources),
    '',
    'Try:',
    sampleCommand(graphAddress, identity?.dataFolder ?? null),
    '',
  ].join('\n');
}
