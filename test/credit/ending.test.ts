/** What ends, ends everywhere with its day, by the hub's own clock and nobody's act. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreditHistory } from '../../schema/credit/credit-history.ts';
import { creditConsumer } from '../../schema/credit/credit-consumer.ts';
import { CreditProfiles } from '../../schema/credit/credit-profiles.ts';
import { NO_DECISIONS } from '../../schema/identity/station-decisions.ts';
import { institutionIndex } from '../../schema/search/institution-index.ts';
import { A, at, day } from '../schema/support/records.ts';
import { HELD_BY, listed, openIndex, punished, registered, type IndexUnderTest } from '../search/held-records.ts';

let opened: IndexUnderTest;
let profiles: CreditProfiles;
let run: () => Promise<unknown>;
beforeAll(async () => {
  opened = await openIndex(at('2026-02-02T12:00'));
  const { replica, search } = opened;
  const { connection } = { connection: replica.models.records.db };
  profiles = new CreditProfiles(connection);
  await profiles.ensureIndexes();
  const parts = { replica, departments: HELD_BY, decisions: NO_DECISIONS, clock: { now: () => opened.now } };
  const index = institutionIndex({ ...parts, search, risksOf: (codes) => profiles.risksOf(codes) });
  const credit = creditConsumer({
    ...{ ...parts, profiles, history: new CreditHistory(connection) },
    onRewritten: (codes) => index.refresh(codes),
  });
  run = () => opened.projector([credit, index]).run();
});
afterAll(() => opened.close());

async function seen(on: string) {
  opened.now = at(on);
  await run();
  const [[profile], [entry]] = await Promise.all([profiles.of([A]), opened.search.entriesOf([A])]);
  return { score: profile?.riskScore, shown: entry?.riskScore, listed: entry?.listed };
}

describe('with nobody’s act', () => {
  it('an entry of the serious list and a penalty end with their day in the list, in its order and in the score', async () => {
    await opened.hear(
      registered(A),
      listed(A, '1', { listType: 'SERIOUS_MR', listedOn: day('2023-02-04') }),
      punished(A, '2', { decidedOn: day('2025-10-01'), categories: ['警告'], publishedTo: day('2026-02-04') }),
    );
    // 600 for the list; 20 for the penalty, and 200 because it was for a false report.
    expect(await seen('2026-02-03T23:59')).toEqual({ score: 820, shown: 820, listed: true });
    // Off the list, of which 100 stay for a year; the last day of publicity.
    expect(await seen('2026-02-04T00:00')).toEqual({ score: 320, shown: 320, listed: false });
    expect(await seen('2026-02-05T00:00')).toEqual({ score: 100, shown: 100, listed: false });
    expect(await seen('2027-02-05T00:00')).toEqual({ score: 0, shown: 0, listed: false });
  });
});
