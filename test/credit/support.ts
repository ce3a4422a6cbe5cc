/** A hub with a replica that has been read in full, at noon of the world's last day. */
import { syncFeed } from '../../jobs/sync/sync-feed.ts';
import type { Caller } from '../../schema/access/caller.ts';
import { PROJECTED_READS } from '../../schema/replica/facts.ts';
import { DEPARTMENTS, startReplicatedHub, type ReplicatedHub } from '../hub/support.ts';
import type { DepartmentName } from '../support/hub.ts';
import { callScope } from '../support/source-under-test.ts';

export const NOON = '2026-03-31T12:00:00+08:00';

export const staff = (over: Partial<Caller> = {}): Caller => ({
  subject: 'enforcer',
  departmentId: null,
  roles: ['PUBLIC', 'ENFORCER'],
  regions: ['52'],
  credentialId: 'k1',
  ...over,
});

export interface CreditHub extends ReplicatedHub {
  /** By which profiles are made. */
  time: Date;
  /** Reads what these departments hold, and computes. */
  follow(departments?: readonly DepartmentName[]): Promise<void>;
}

export async function startCreditHub(worldSize: number): Promise<CreditHub> {
  const clock = { now: () => credit.time };
  const hub = await startReplicatedHub({ worldSize, clock });
  const credit: CreditHub = {
    ...hub,
    time: new Date(NOON),
    async follow(departments = DEPARTMENTS) {
      for (const id of departments) {
        const source = hub.services.registry.find(id);
        for (const read of PROJECTED_READS) {
          if (source?.changeFeeds.has(read) !== true) continue;
          await syncFeed({ source, replica: hub.replica, read, full: false, clock, scope: callScope(30_000) });
        }
      }
      await hub.project();
    },
  };
  return credit;
}
