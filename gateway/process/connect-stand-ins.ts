/**
 * Stand-ins of departments answer notices as real ones do: they are registered at the hub, and act with keys of their own.
 * Each start gives them new keys; those of the start before are revoked.
 */
import type { Caller } from '../../schema/access/caller.ts';
import { withSecret } from '../../schema/delivery/endpoint.ts';
import { HUB_OWNER } from '../../schema/signing/public-key.ts';
import type { OpenedHub } from './open-hub.ts';

const SUBJECT = 'reference-upstream';

async function tokensFor({ keys }: OpenedHub, departmentIds: readonly string[]): Promise<Record<string, string>> {
  for (const { _id, subject, revokedAt } of await keys.list()) {
    if (subject.startsWith(`${SUBJECT}-`) && revokedAt === null) await keys.revoke(_id);
  }
  const tokens: Record<string, string> = {};
  for (const departmentId of departmentIds) {
    const { token } = await keys.create({
      subject: `${SUBJECT}-${departmentId}`,
      departmentId,
      roles: ['RECIPIENT'],
      regions: ['52'],
      expiresAt: null,
    });
    tokens[departmentId] = token;
  }
  return tokens;
}

/** The hub registers them itself: there is nobody else. */
const REGISTRAR: Caller = {
  subject: HUB_OWNER,
  departmentId: null,
  roles: ['OPERATOR'],
  regions: ['52'],
  credentialId: HUB_OWNER,
};
const SETTINGS = { ratePerSecond: 100, concurrency: 16, description: 'Reference upstream' };

/** Its secret is the stand-in's own, made when it started. An endpoint that somebody else has registered stays. */
async function register({ services, notices }: OpenedHub, departmentId: string, url: string, secret: string) {
  const { secrets, endpoints: store } = notices;
  if (services.endpoints === null || secrets === null) return;
  const known = await store.findOf(departmentId);
  if (known !== null && known.description !== SETTINGS.description) return;
  const { endpoint } = await services.endpoints.register(REGISTRAR, departmentId, { ...SETTINGS, url });
  const act = { by: REGISTRAR.subject, at: services.clock.now() };
  await store.change(endpoint._id, (before) => withSecret(before, secrets.seal(secret, endpoint._id), act));
}

/** Once the graph listens. */
export async function connectStandIns(hub: OpenedHub, graphUrl: string): Promise<void> {
  const { standIns } = hub;
  if (standIns === null) return;
  const webhooks = Object.entries(standIns.report.webhooks);
  for (const [departmentId, { url, secret }] of webhooks) {
    await register(hub, departmentId, url, secret);
  }
  standIns.tell({
    graphUrl,
    tokens: await tokensFor(
      hub,
      webhooks.map(([departmentId]) => departmentId),
    ),
  });
}
