import type { Connection } from 'mongoose';
import { AliasCandidates } from './alias-candidates.ts';
import { AliasDecisions } from './alias-decisions.ts';

/** What the hub keeps of local numbers: what was decided, and what waits. */
export interface AliasStore {
  readonly decisions: AliasDecisions;
  readonly candidates: AliasCandidates;
}

/**
 * Makes the indexes and reads the decisions; safe to run in every process at its start.
 * @param onFailure told when what other processes decide cannot be read
 */
export async function openAliasStore(
  connection: Connection,
  onFailure?: (error: unknown) => void,
): Promise<AliasStore> {
  const store = {
    decisions: new AliasDecisions(connection, onFailure),
    candidates: new AliasCandidates(connection),
  };
  await Promise.all([store.decisions.open(), store.candidates.open()]);
  return store;
}
