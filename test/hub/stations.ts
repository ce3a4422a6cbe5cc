/** A page of stations with every kind of facts that departments hold, and what it may cost. */
import type { Connection, CoverageSeen } from './support.ts';

export interface StationPage {
  readonly institutions: Connection<StationSeen>;
}

export interface StationSeen {
  readonly creditCode: string;
  readonly aliases: readonly unknown[];
  readonly inspections: { readonly edges: readonly unknown[] };
  readonly coverage: readonly CoverageSeen[];
}

export const STATIONS = `
  query ($first: Int!, $after: Cursor) {
    institutions(first: $first, after: $after, filter: { kinds: [VEHICLE_INSPECTION_BODY] }) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { node {
        creditCode name aliases { localId } conflicts { field } provenance { receipt }
        qualifications { scheme status } facilities { kind }
        inspections(first: 3) { edges { node { startedAt } } }
        reports { edges { node { number } } }
        penalties { totalCount } listEntries { listType }
        coverage { department { id } facet status reason } decisionSafety(maxAgeSeconds: 60) { safe }
      } }
    }
  }`;

/** Every department answered in full, and the station is known to at least two beside the register. */
export function isComplete({ aliases, inspections, coverage }: StationSeen): boolean {
  const isFull = coverage.every(({ status }) => status === 'LIVE' || status === 'UNSUPPORTED');
  return isFull && aliases.length >= 2 && inspections.edges.length === 3;
}

/** Calls by department and operation: one for each kind of facts (design rule 8), however long the page is. */
export const ONE_CALL_PER_FACET = {
  'market-regulation': {
    listInstitutions: 1,
    qualificationsByCode: 1,
    searchReports: 1,
    penaltiesByCode: 1,
    listEntriesByCode: 1,
  },
  ecology: {
    // The station itself, and its filing.
    downStationInfo: 2,
    downInspStmDevice: 1,
    downInspTestingResultInfo: 1,
    downInspReportInfo: 1,
    downPunishInfo: 1,
  },
  // The station and its filing; the tests, and the reports on them.
  transport: { 'SELECT QZ_JCJG': 2, 'SELECT QZ_CLJC': 2, 'SELECT QZ_XZCF': 1 },
  // The station and its filing.
  'public-security': { '18C01': 2, '18C02': 1, '18Q90': 1 },
};
