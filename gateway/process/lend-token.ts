/** A key for somebody who looks on from the machine of an embedded hub. */
import { openBacking } from '../../jobs/backing.ts';
import { readAnnouncement } from '../../jobs/embedded/data-folder.ts';
import { openKeyRing } from '../../schema/signing/key-ring.ts';
import { onRecord } from '../audit/on-record.ts';
import { ApiKeys } from '../../schema/access/api-keys.ts';
import type { HubConfig } from '../config.ts';

const LENT_FOR_MS = 24 * 3_600_000;

/**
 * Whoever can read the data folder of an embedded hub can make any key: this one reads, for a day.
 * @returns null where no embedded hub runs on the folder
 */
export async function lendToken(config: HubConfig): Promise<string | null> {
  if (config.mongodbUri !== null || (await readAnnouncement(config.dataFolder)) === null) return null;
  const backing = await openBacking({ ...config, mayShare: true });
  try {
    const { connection } = backing;
    const ring = await openKeyRing({ connection, folder: config.signingKeysFolder });
    const { token } = await onRecord(connection, ring, { words: ['watch', 'notices'] }, () =>
      new ApiKeys(connection).create({
        subject: 'hub-watch',
        departmentId: null,
        roles: ['AUDITOR'],
        regions: ['52'],
        expiresAt: new Date(Date.now() + LENT_FOR_MS),
      }),
    );
    return token;
  } finally {
    await backing.close();
  }
}
