/** The client that signs sample users in: any program on this machine, native, without a secret. */
export const IDENTITY_CLIENT = 'joint-credit-hub';
export const IDENTITY_SCOPE = 'graph';
/** Of a native client any port of the loopback address is meant. */
export const IDENTITY_REDIRECT = 'http://127.0.0.1/callback';
