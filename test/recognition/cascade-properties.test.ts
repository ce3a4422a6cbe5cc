/** Whatever order changes come in, and however often they are told, the same facts amount to the same recognition. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyStanding } from '../../schema/recognition/case.ts';
import type { Evidence, SeenClue, SeenProficiency } from '../../schema/recognition/evidence.ts';
import type { Recognition } from '../../schema/recognition/recognition.ts';
import { standingOf } from '../../schema/recognition/standing.ts';
import type { QualificationStatus } from '../../schema/records.ts';
import { changed, day, evidence, recognised, silence } from './cases.ts';

/** What may change about an institution and a report of 2026-02-11. */
interface Facts {
  readonly statusOnDay: QualificationStatus;
  readonly statusNow: QualificationStatus;
  readonly isInScope: boolean;
  readonly isRegistered: boolean;
  readonly listedOn: string | null;
  readonly clue: SeenClue['state'] | null;
  readonly clueFrom: string | null;
  readonly proficiencyFrom: string | null;
}

const START: Facts = {
  statusOnDay: 'VALID',
  statusNow: 'VALID',
  isInScope: true,
  isRegistered: true,
  listedOn: null,
  clue: null,
  clueFrom: null,
  proficiencyFrom: null,
};
const status = fc.constantFrom<QualificationStatus>('VALID', 'SUSPENDED', 'REVOKED', 'RECTIFYING');
const dayAround = fc.option(fc.constantFrom('2026-02-01', '2026-02-11', '2026-02-20'));
const change: fc.Arbitrary<Partial<Facts>> = fc.oneof(
  status.map((statusOnDay) => ({ statusOnDay })),
  status.map((statusNow) => ({ statusNow })),
  fc.boolean().map((isInScope) => ({ isInScope })),
  fc.boolean().map((isRegistered) => ({ isRegistered })),
  dayAround.map((listedOn) => ({ listedOn })),
  fc.option(fc.constantFrom<SeenClue['state']>('OPEN', 'CONFIRMED', 'DISMISSED')).map((clue) => ({ clue })),
  dayAround.map((clueFrom) => ({ clueFrom })),
  dayAround.map((proficiencyFrom) => ({ proficiencyFrom })),
);

function evidenceOf(facts: Facts): Evidence {
  const whole = evidence();
  const as = (state: QualificationStatus) =>
    whole.qualifications.onDay.map((answer) => ({
      ...answer,
      records: answer.records.map((record) => ({
        ...record,
        status: state,
        scope: facts.isInScope ? record.scope : [],
      })),
    }));
  const proficiency: SeenProficiency[] =
    facts.proficiencyFrom === null
      ? []
      : [
          {
            id: 'p',
            parameter: '水分',
            standard: null,
            grade: 'UNSATISFACTORY',
            evaluatedOn: day(facts.proficiencyFrom),
            closedOn: null,
          },
        ];
  return evidence({
    qualifications: { onDay: as(facts.statusOnDay), now: as(facts.statusNow) },
    reports: whole.reports.map((answer) => ({ ...answer, records: facts.isRegistered ? answer.records : [] })),
    listEntries: whole.listEntries.map((answer) => ({
      ...answer,
      records:
        facts.listedOn === null ? [] : [{ listType: 'SERIOUS_MR', listedOn: day(facts.listedOn), removedOn: null }],
    })),
    clues:
      facts.clue === null
        ? []
        : [
            {
              id: 'c',
              reportNumber: null,
              concernsFrom: facts.clueFrom === null ? null : day(facts.clueFrom),
              state: facts.clue,
            },
          ],
    proficiency,
  });
}

const look = (recognition: Recognition, seen: Evidence): Recognition =>
  changed(recognition, (each) =>
    applyStanding(each, { ...standingOf(each.recognition, seen), seenChanges: recognition.changeCount }),
  );
const factsOf = (changes: readonly Partial<Facts>[]): Facts =>
  changes.reduce<Facts>((facts, one) => ({ ...facts, ...one }), START);
/** What matters to whoever relies on it. */
const amounts = ({ state, holds, flags, targets }: Recognition) => ({
  state,
  holds,
  flags,
  told: targets.map(({ told }) => told),
});
const RUNS = { numRuns: 300 };

describe('changes of what a recognition rests on', () => {
  it('amount to the same, however many of them are seen one by one, twice, or while a source is silent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(change, fc.constantFrom('unseen', 'seen', 'seen twice', 'silent')), { maxLength: 12 }),
        (steps) => {
          let facts = START;
          let recognition = recognised();
          for (const [one, how] of steps) {
            facts = { ...facts, ...one };
            if (how === 'silent') recognition = look(recognition, silence());
            if (how === 'seen' || how === 'seen twice') recognition = look(recognition, evidenceOf(facts));
            if (how === 'seen twice') expect(look(recognition, evidenceOf(facts))).toBe(recognition);
          }
          expect(amounts(look(recognition, evidenceOf(facts)))).toEqual(amounts(look(recognised(), evidenceOf(facts))));
        },
      ),
      RUNS,
    );
  });

  it('that come to the same facts in another order amount to the same', () => {
    const independent = fc.uniqueArray(change, { maxLength: 8, selector: (one) => Object.keys(one)[0] });
    fc.assert(
      fc.property(
        independent.chain((changes) =>
          fc.tuple(fc.constant(changes), fc.shuffledSubarray(changes, { minLength: changes.length })),
        ),
        ([changes, shuffled]) => {
          const after = (order: readonly Partial<Facts>[]): Recognition =>
            order.reduce((all, _, index) => look(all, evidenceOf(factsOf(order.slice(0, index + 1)))), recognised());
          expect(amounts(after(shuffled))).toEqual(amounts(after(changes)));
        },
      ),
      RUNS,
    );
  });

  it('that are all undone leave it as it was', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
        const after = changes.reduce(
          (all, _, index) => look(all, evidenceOf(factsOf(changes.slice(0, index + 1)))),
          recognised(),
        );
        expect(amounts(look(after, evidenceOf(START)))).toEqual(amounts(recognised()));
      }),
      RUNS,
    );
  });
});
