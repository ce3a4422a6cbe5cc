/** What `hub doctor` looks at so that notices can be signed, leave and be confirmed. */
import type { ApiKeys } from '../../schema/access/api-keys.ts';
import type { AggregateEvent } from '../../schema/aggregate/aggregate.ts';
import type { EndpointStore } from '../../schema/delivery/endpoint-store.ts';
import type { Outbox } from '../../schema/events/outbox.ts';
import { isDead } from '../../schema/notice/derive.ts';
import type { Notice } from '../../schema/notice/notice.ts';
import { noticeOutbox } from '../../schema/notice/notice-outbox.ts';
import type { NoticeStore } from '../../schema/notice/notice-store.ts';
import { maySign, type KeyRing } from '../../schema/signing/key-ring.ts';
import { HUB_OWNER, type PublicKey } from '../../schema/signing/public-key.ts';

export interface SigningKeyParts {
  readonly ring: Pick<KeyRing, 'publicKeys' | 'isAtHand'>;
  readonly keys: Pick<ApiKeys, 'list'>;
  readonly notices: Pick<NoticeStore, 'model'>;
  readonly departmentIds: readonly string[];
  /** On the embedded store a first key is made for every owner when the hub starts. */
  readonly areMadeAtStart: boolean;
  readonly now: Date;
}

/** Those that hold a key for determining, or have determined what has not ended, and the hub, which seals evidence. */
async function whoMustSign({ keys, notices, now }: SigningKeyParts): Promise<ReadonlySet<string>> {
  const determiners = (await keys.list())
    .filter(({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now))
    .flatMap(({ roles, departmentId }) =>
      roles.includes('DETERMINER') && departmentId !== null ? [departmentId] : [],
    );
  const standing: string[] = await notices.model.distinct('determinerId', {
    ending: null,
    state: { $ne: 'CANCELLED' },
  });
  return new Set([HUB_OWNER, ...determiners, ...standing]);
}

/** @returns null when the owner can sign here, else why it cannot */
async function hindranceOf(owner: string, all: readonly PublicKey[], parts: SigningKeyParts): Promise<string | null> {
  const own = all.filter((key) => key.owner === owner);
  const valid = own.filter((key) => maySign(key, parts.now));
  for (const key of valid) if (await parts.ring.isAtHand(key)) return null;
  if (own.length === 0) return parts.areMadeAtStart ? 'made when the hub starts' : 'no key';
  return valid.length === 0
    ? 'no valid key'
    : `the file of ${valid.map(({ keyId }) => keyId).join(' or ')} is not here`;
}

/**
 * @returns who can sign on this machine, and who cannot
 * @throws Error when one cannot that must
 */
export async function lookAtSigningKeys(parts: SigningKeyParts): Promise<string> {
  const [all, must] = [await parts.ring.publicKeys(), await whoMustSign(parts)];
  const groups = new Map<string, string[]>();
  const missing: string[] = [];
  for (const owner of new Set([...must, ...parts.departmentIds])) {
    const hindrance = await hindranceOf(owner, all, parts);
    const group = hindrance ?? 'sign here';
    groups.set(group, [...(groups.get(group) ?? []), owner]);
    const isMade = parts.areMadeAtStart && !all.some((key) => key.owner === owner);
    if (hindrance !== null && must.has(owner) && !isMade) missing.push(owner);
  }
  const who = [...groups].map(([group, owners]) => `${group}: ${owners.join(', ')}`).join('; ');
  if (missing.length === 0) return who;
  throw new Error(`must sign and cannot: ${missing.join(', ')}; npm run hub -- signing-keys create <owner>. ${who}`);
}

export interface NoticeCheckParts {
  readonly notices: NoticeStore;
  readonly endpoints: Pick<EndpointStore, 'all'>;
  readonly now: Date;
}

/** Most notices, or recognitions, that are read to count what is wrong with them. */
export const MOST_READ = 1_000;
/** A worker numbers events at once; none does when they have waited for so long. */
const NUMBERED_WITHIN_MS = 60_000;

/** What could not be delivered, e.g. "ecology 2", in order of departments. */
export function countByDepartment(dead: readonly { readonly departmentId: string }[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { departmentId } of dead) counts.set(departmentId, (counts.get(departmentId) ?? 0) + 1);
  return [...counts].sort().map(([departmentId, count]) => `${departmentId} ${count}`);
}

async function deadByDepartment({ model }: NoticeStore): Promise<readonly string[]> {
  const found = await model
    .find({ hasDead: true }, { deliveries: 1 })
    .limit(MOST_READ)
    .lean<Pick<Notice, 'deliveries'>[]>();
  return countByDepartment(found.flatMap(({ deliveries }) => deliveries.filter(isDead)));
}

/** How many have events that wait for their number for too long. */
export async function countNotNumbered(outbox: Outbox<AggregateEvent>, now: Date): Promise<number> {
  const waiting = await outbox.waiting(MOST_READ);
  return waiting.filter(
    ({ events: [oldest] }) => oldest !== undefined && now.getTime() - oldest.at.getTime() > NUMBERED_WITHIN_MS,
  ).length;
}

/**
 * @returns that notices flow
 * @throws Error naming what a person must see to: dead deliveries, disabled endpoints, events that nobody numbers
 */
export async function lookAtNotices({ notices, endpoints, now }: NoticeCheckParts): Promise<string> {
  const dead = await deadByDepartment(notices);
  const disabled = (await endpoints.all()).filter(({ state }) => state === 'DISABLED');
  const stuck = await countNotNumbered(noticeOutbox(notices), now);
  const complaints = [
    ...(dead.length > 0 ? [`deliveries that could not be made: ${dead.join(', ')} (deadDeliveries, redeliver)`] : []),
    ...(disabled.length > 0
      ? [`endpoints disabled: ${disabled.map(({ departmentId }) => departmentId).join(', ')} (enableEndpoint)`]
      : []),
    ...(stuck > 0
      ? [`notices whose events nobody has numbered for more than a minute: ${stuck}; does a worker run?`]
      : []),
  ];
  if (complaints.length > 0) throw new Error(complaints.join('; '));
  return 'none dead, no endpoint disabled, all events numbered';
}
