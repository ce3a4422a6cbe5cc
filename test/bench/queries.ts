/** The join that is measured: registration, qualifications, inspections and penalties of vehicle inspection bodies. */
export const JOIN = `query Join($first: Int!) {
  institutions(first: $first, filter: { kinds: [VEHICLE_INSPECTION_BODY] }) {
    edges { node {
      creditCode name status
      qualifications { scheme number status validTo }
      inspections(first: 3) { edges { node { __typename startedAt result } } }
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
