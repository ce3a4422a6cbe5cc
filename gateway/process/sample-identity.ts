/** The identity provider with sample users, beside a hub that is being tried. */
import { serveIdentity } from '../identity/serve-identity.ts';
import type { Closing } from './closing.ts';
import type { OpenedHub } from './open-hub.ts';

/** Under which name its address is announced in the data folder. */
export const ANNOUNCED_IDENTITY = 'identity';

/** @returns its issuer; null in production, and where another identity provider is set */
export async function startSampleIdentity(
  { config, backing }: Pick<OpenedHub, 'config' | 'backing'>,
  closing: Closing,
): Promise<string | null> {
  const { mode, tokens, identityPort } = config.access;
  if (mode === 'production' || tokens.issuer !== null) return null;
  const served = await serveIdentity(identityPort, tokens.audience);
  closing.add(() => served.close());
  await backing.announce({ [ANNOUNCED_IDENTITY]: served.issuer });
  return served.issuer;
}
