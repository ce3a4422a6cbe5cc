/** The joins that are measured: registration, qualifications, inspections and penalties of vehicle inspection bodies. */
const INSTITUTION = `
      creditCode name status
      qualifications { scheme number status validTo }`;

/** `maxAgeSeconds`: 0 asks the departments, a long time lets the replica answer. */
export const JOIN = `query Join($first: Int!, $maxAgeSeconds: Int) {
  institutions(first: $first, filter: { kinds: [VEHICLE_INSPECTION_BODY] }, maxAgeSeconds: $maxAgeSeconds) {
    edges { node {${INSTITUTION}
      inspections(first: 3) { edges { node { __typename startedAt result } } }
      penalties { edges { node { documentNumber fineFen } } }
    } }
  }
}`;

/** The same with a filter of each kind, which departments and replica answer in ways of their own. */
export const FILTERED_JOIN = `query FilteredJoin($first: Int!, $maxAgeSeconds: Int) {
  institutions(
    first: $first
    filter: { kinds: [VEHICLE_INSPECTION_BODY], qualification: VALID }
    maxAgeSeconds: $maxAgeSeconds
  ) {
    edges { node {${INSTITUTION}
      inspections(first: 3, filter: { from: "2026-01-01T00:00:00+08:00", result: FAIL }) {
        edges { node { __typename startedAt result } }
      }
      penalties { edges { node { documentNumber fineFen } } }
    } }
  }
}`;

/** Local numbers, for the peer that has no identity directory. */
export const ALIASES = `query Aliases($first: Int!) {
  institutions(first: $first, filter: { kinds: [VEHICLE_INSPECTION_BODY] }) {
    edges { node { creditCode aliases { department { id } localId } } }
  }
}`;
