/** `hub signing-keys create | list | revoke | export`: the keys by which departments and the hub sign. */
import { fingerprintOf, readPublicKey } from '../../schema/signing/algorithms.ts';
import { maySign, type KeyRing } from '../../schema/signing/key-ring.ts';
import { HUB_OWNER, printKeyRing, type PublicKey } from '../../schema/signing/public-key.ts';
import type { SignatureAlgorithm } from '../../schema/signing/signature.ts';
import { formatInstant } from '../../schema/time/instant.ts';
import { alignColumns } from '../start-table.ts';
import { UsageError } from './usage-error.ts';

export interface SigningKeyOptions {
  /** sm2 when not given. */
  readonly algorithm?: string | undefined;
}

const ALGORITHMS: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  ['sm2', 'SM2_SM3'],
  ['ed25519', 'ED25519'],
]);

const fingerprint = ({ algorithm, publicKeyPem }: PublicKey): string => {
  const publicKey = readPublicKey(algorithm, publicKeyPem);
  return publicKey === null ? 'unreadable' : fingerprintOf(publicKey);
};

async function create(
  ring: KeyRing,
  owner: string | undefined,
  algorithmName: string,
  departments: readonly string[],
): Promise<readonly string[]> {
  const owners = [HUB_OWNER, ...departments];
  if (owner === undefined || !owners.includes(owner))
    throw new UsageError(`Name the owner of the key: ${owners.join(', ')}.`);
  const algorithm = ALGORITHMS.get(algorithmName);
  if (algorithm === undefined) throw new UsageError(`--algorithm is one of ${[...ALGORITHMS.keys()].join(', ')}.`);
  const key = await ring.create(owner, algorithm);
  return [
    `Key ${key.keyId} of ${owner} signs from now on. Its fingerprint (SM3):`,
    fingerprint(key),
    'Give partners the public keys anew: npm run hub -- signing-keys export',
  ];
}

function stateOf({ revokedAt, validTo }: PublicKey, now: Date): string {
  if (revokedAt !== null) return `revoked ${formatInstant(revokedAt)}`;
  if (validTo === null) return 'signs';
  return `${validTo > now ? 'signs until' : 'signed until'} ${formatInstant(validTo)}`;
}

async function list(ring: KeyRing, now: Date): Promise<readonly string[]> {
  const rows: string[][] = [];
  for (const key of await ring.publicKeys()) {
    const place = (await ring.isAtHand(key)) ? 'file is here' : 'file is not here';
    rows.push([key.keyId, key.owner, key.algorithm, stateOf(key, now), place, fingerprint(key)]);
  }
  return rows.length === 0 ? ['No keys.'] : alignColumns(rows);
}

async function revoke(ring: KeyRing, keyId: string | undefined, now: Date): Promise<readonly string[]> {
  const revoked = keyId === undefined ? null : await ring.revoke(keyId);
  if (revoked === null) throw new UsageError(`There is no valid key ${keyId ?? ''}.`);
  const { owner } = revoked;
  const canSign = (await ring.publicKeys([owner])).some((key) => maySign(key, now));
  const lines = [`Key ${revoked.keyId} of ${owner} is revoked. Tell partners: npm run hub -- signing-keys export`];
  return canSign ? lines : [...lines, `${owner} cannot sign now: npm run hub -- signing-keys create ${owner}`];
}

/**
 * @param departments ids
 * @returns lines for the terminal
 * @throws UsageError for wrong words, HubError when a key cannot be made
 */
export async function signingKeysCommand(
  ring: KeyRing,
  [verb, word]: readonly string[],
  { algorithm = 'sm2' }: SigningKeyOptions,
  departments: readonly string[],
  now = new Date(),
): Promise<readonly string[]> {
  switch (verb) {
    case 'create':
      return await create(ring, word, algorithm, departments);
    case 'list':
      return await list(ring, now);
    case 'revoke':
      return await revoke(ring, word, now);
    case 'export':
      return [printKeyRing(await ring.publicKeys())];
    default:
      throw new UsageError('Say what to do with signing keys: create, list, revoke or export.');
  }
}
