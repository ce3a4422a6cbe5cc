import type { ProjectionStates } from '../replica/projection-states.ts';
import type { CreditProfiles } from './credit-profiles.ts';

/** What resolvers need of the credit side. */
export interface CreditParts {
  readonly profiles: CreditProfiles;
  /** How far the profiles have come. */
  readonly states: ProjectionStates;
}
