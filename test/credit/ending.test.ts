/** What ends, ends everywhere with its day, by the hub's own clock and nobody's act. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreditHistory } from '../../schema/credit/credit-history.ts';
import { creditConsumer } from '../../schema/credit/credit-consumer.ts';
import { CreditProfiles } from '../../schema/credit/credit-profiles.ts';
import { MODELS, type RiskModel } from '../../schema/credit/risk-model.ts';
import { NO_DECISIONS } from '../../schema/identity/station-decisions.ts';
import { institutionIndex } from '../../schema/search/institution-index.ts';
import { present } from '../hub/support.ts';
import { A, at, B, day } from '../schema/support/records.ts';
import { HELD_BY, listed, openIndex, punished, registered, type IndexUnderTest } from '../search/held-records.ts';

let opened: IndexUnderTest;
let profiles: CreditProfiles;
let run: () => Promise<unknown>;
/** As if killed when the profiles have been written. */
let runUntilWritten: () => Promise<unknown>;
const [FIRST] = MODELS as readonly [RiskModel];
/** In the middle of a month. */
const NEXT: RiskModel = {
  ...FIRST,
  edition: 'next',
  validFrom: day('2027-03-15'),
  factors: [{ ...present(FIRST.factors.find(({ id }) => id === 'ENFORCEMENT-LISTED')), cap: 50 }],
};
beforeAll(async () => {
  opened = await openIndex(at('2026-02-02T12:00'));
  const { replica, search } = opened;
  const { connection } = { connection: replica.models.records.db };
  profiles = new CreditProfiles(connection);
  await profiles.ensureIndexes();
  const parts = { replica, departments: HELD_BY, decisions: NO_DECISIONS, clock: { now: () => opened.now } };
  const credit = creditConsumer({
    ...{ ...parts, profiles, history: new CreditHistory(connection), models: [FIRST, NEXT] },
    refresh: (codes) => index.refresh(codes),
    markTurned: (codes) => search.markDue(codes, opened.now),
  });
  const index = institutionIndex({ search, clock: parts.clock, knownOf: (codes) => credit.compute(codes) });
  run = () => opened.projector([credit, index]).run();
  runUntilWritten = () => opened.projector([credit]).run();
});
afterAll(() => opened.close());

async function seen(on: string) {
  opened.now = at(on);
  await run();
  const [[profile], [entry]] = await Promise.all([profiles.of([A]), opened.search.entriesOf([A])]);
  const { riskScore: score, modelVersion: edition } = present(profile);
  return { score, edition, shown: entry?.riskScore, listed: entry?.listed };
}

describe('with nobody’s act', () => {
  it('an entry of the serious list and a penalty end with their day in the list, in its order and in the score', async () => {
    await opened.hear(
      registered(A),
      listed(A, '1', { listType: 'SERIOUS_MR', listedOn: day('2023-02-04') }),
      punished(A, '2', { decidedOn: day('2025-10-01'), categories: ['警告'], publishedTo: day('2026-02-04') }),
    );
    // 600 for the list; 20 for the penalty, and 200 because it was for a false report.
    expect(await seen('2026-02-03T23:59')).toMatchObject({ score: 820, shown: 820, listed: true });
    // Off the list, of which 100 stay for a year; the last day of publicity.
    expect(await seen('2026-02-04T00:00')).toMatchObject({ score: 320, shown: 320, listed: false });
    expect(await seen('2026-02-05T00:00')).toMatchObject({ score: 100, shown: 100, listed: false });
    expect(await seen('2027-02-05T00:00')).toMatchObject({ score: 0, shown: 0, listed: false });
  });

  it('what is listed again stands again, in the list, in its order and in the score', async () => {
    await opened.hear(listed(A, '3', { listType: 'SERIOUS_MR', listedOn: day('2027-02-20') }));
    expect(await seen('2027-02-20T08:00')).toMatchObject({ score: 600, shown: 600, listed: true });
  });

  it('a new edition of the model is used from its first day, though nothing has happened', async () => {
    await opened.hear(registered(B));
    const place = () => opened.replica.models.records.db.collection('institution_entries').findOne({ creditCode: B });
    expect(await seen('2027-03-14T23:59')).toMatchObject({ score: 600, edition: FIRST.edition });
    const before = present(await place());
    expect(await seen('2027-03-15T00:00')).toMatchObject({ score: 50, shown: 50, edition: 'next' });
    // Of whom it makes nothing else, only the profile says so.
    expect((await profiles.of([B]))[0]).toMatchObject({ riskScore: 0, modelVersion: 'next' });
    expect(await place()).toEqual(before);
  });

  it('what a process killed between a profile and its place in the order has begun, the next one ends', async () => {
    expect(await seen('2031-02-20T12:00')).toMatchObject({ score: 50, shown: 50 });
    opened.now = at('2031-02-21T00:00');
    await runUntilWritten();
    expect([(await profiles.of([A]))[0]?.riskScore, (await opened.search.entriesOf([A]))[0]?.riskScore]).toEqual([
      0, 50,
    ]);
    expect(await seen('2031-02-21T00:01')).toMatchObject({ score: 0, shown: 0 });
  });
});
