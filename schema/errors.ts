/**
 * The published error codes. Every error that leaves the hub carries one of them in `extensions.code`
 * (GraphQL's own syntax and validation errors keep Apollo's codes). A code is never renamed or reused.
 */
export const HUB_ERROR_CODES = [
  /** The caller's value is wrong; the message says which part. */
  'INPUT_INVALID',
  /** The feature exists in the contract but this hub cannot do it yet, or a department does not offer it. */
  'UNSUPPORTED',
  /** The operation needs credentials, or those sent are not (or no longer) valid. */
  'UNAUTHENTICATED',
  /** The caller is known and may not do this. */
  'FORBIDDEN',
  /** The act contradicts what is on record; the message says what. */
  'CONFLICT',
  /** The notice is in a state from which this act is not possible; `details.state` names it. */
  'NOTICE_STATE',
  /** The recognition is in a state from which this act is not possible; `details.state` names it. */
  'RECOGNITION_STATE',
  /** The measure is in no catalogue that was in force on the day of the decision, or its basis does not cover this. */
  'MEASURE_NOT_IN_LIST',
  /** The hub holds no valid key of the department for which it is to sign. */
  'SIGNING_UNAVAILABLE',
  /** The address may not be called: it leads into a network that is not a partner's. */
  'ADDRESS_NOT_ALLOWED',
  /** A department could not be reached, or its circuit is open. */
  'SOURCE_UNAVAILABLE',
  /** A department did not answer before the deadline. */
  'SOURCE_TIMEOUT',
  /** A department answered, but not in its own format; the message names the field. */
  'SOURCE_MALFORMED',
  /** A department answered that it will not serve the call (credentials, quota, its own error code). */
  'SOURCE_REFUSED',
  /** The operation could not be put on record, and what is not on record is not done. */
  'AUDIT_UNAVAILABLE',
  /** The request body is larger than the hub accepts. */
  'PAYLOAD_TOO_LARGE',
  /** The document or its variables exceed a limit; `details.limit` names it, `details.most` says how much may be. */
  'DOCUMENT_LIMIT',
  /** The operation may need more calls of departments, or more records, than one may; ask for less at a time. */
  'COST_LIMIT',
  /** A budget is used up; `details.budget` names it, `details.retryAfterSeconds` says when there is more. */
  'RATE_LIMITED',
  /** Only registered documents are served, and this one is not; or no document is registered under this id. */
  'DOCUMENT_NOT_REGISTERED',
  /** As many of these are open already as may be; end one, or try again later. */
  'LIMIT_REACHED',
  /** The subscriber took its events too slowly and was cut off; `details.cursor` says after which one to go on. */
  'LAGGED',
  /** Unexpected; the message holds a reference for the hub's operator. */
  'INTERNAL',
] as const;

export type HubErrorCode = (typeof HUB_ERROR_CODES)[number];

export interface HubErrorOptions extends ErrorOptions {
  /** Machine-readable details for the partner, e.g. `{ position: 18 }`. Never secrets, never personal data. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * An error whose message a partner department may read. The cause is for the log only.
 * @param code one of {@link HUB_ERROR_CODES}
 * @param message what happened, to whom, and what to do
 */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly code: HubErrorCode;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(code: HubErrorCode, message: string, options: HubErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.details = options.details ?? {};
  }
}
