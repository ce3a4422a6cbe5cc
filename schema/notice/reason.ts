import { HubError } from '../errors.ts';

const MOST_CHARACTERS = 500;

/** Why a person acted, for the record. @throws HubError INPUT_INVALID for none, or one that is too long */
export function reasonOf(text: string): string {
  const reason = text.trim();
  if (reason.length > 0 && reason.length <= MOST_CHARACTERS) return reason;
  throw new HubError('INPUT_INVALID', `A reason has 1 to ${MOST_CHARACTERS} characters.`);
}
