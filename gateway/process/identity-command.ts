/** `hub identity users | token | serve`: sample users for trying the hub. Refused in production. */
import { once } from 'node:events';
import { readAnnouncement } from '../../jobs/embedded/data-folder.ts';
import { UsageError } from '../commands/usage-error.ts';
import type { HubConfig } from '../config.ts';
import { findSampleUser, SAMPLE_USERS } from '../identity/sample-users.ts';
import { serveIdentity } from '../identity/serve-identity.ts';
import { signIn } from '../identity/sign-in.ts';
import { alignColumns } from '../start-table.ts';
import { ANNOUNCED_IDENTITY } from './sample-identity.ts';

async function token(config: HubConfig, userId: string | undefined): Promise<string> {
  const user = findSampleUser(userId ?? '');
  if (user === null) throw new UsageError(`Name a sample user: ${SAMPLE_USERS.map(({ id }) => id).join(', ')}.`);
  const { issuer, audience } = config.access.tokens;
  const provider = issuer ?? (await readAnnouncement(config.dataFolder))?.[ANNOUNCED_IDENTITY];
  if (provider === undefined)
    throw new UsageError('No identity provider runs on this data folder: start the hub (npm start) first.');
  return await signIn(provider, user.id, audience);
}

async function serve(config: HubConfig, out: (line: string) => void): Promise<void> {
  const served = await serveIdentity(config.access.identityPort, config.access.tokens.audience);
  out(`Sample users sign in at ${served.issuer}; a hub accepts their tokens with HUB_OIDC_ISSUER=${served.issuer}`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await served.close();
}

/**
 * @returns the exit code
 * @throws UsageError for wrong words, and in production
 */
export async function identityCommand(
  config: HubConfig,
  [verb, word]: readonly string[],
  out: (line: string) => void,
): Promise<number> {
  if (config.access.mode === 'production')
    throw new UsageError('Sample users are for evaluation; this hub is in production (HUB_MODE).');
  switch (verb) {
    case 'users': {
      const rows = SAMPLE_USERS.map(({ id, name, roles, department, regions }) => [
        ...[id, roles.join(','), department ?? '-', regions.join(','), name],
      ]);
      for (const line of alignColumns(rows)) out(line);
      return 0;
    }
    case 'token':
      out(await token(config, word));
      return 0;
    case 'serve':
      await serve(config, out);
      return 0;
    default:
      throw new UsageError('Say what to do with sample users: users, token or serve.');
  }
}
