import { describe, expect, it } from '@jest/globals';
import { editionOn, measureFor, measuresOfEdition } from '../../schema/measure/catalogue.ts';
import { contentOf, type NoticeRequest } from '../../schema/notice/issue.ts';
import { parseCalendarDate } from '../../schema/time/calendar-date.ts';
import { at } from './cases.ts';

const day = parseCalendarDate;
const use = (over = {}) => ({
  ...{ measureId: 'M204', decidedOn: day('2026-02-24'), severity: 'SERIOUS' as const },
  ...{ kinds: ['VEHICLE_INSPECTION_BODY' as const], ...over },
});

describe('the catalogue of measures', () => {
  it('has editions that follow each other without a gap', () => {
    expect(
      ['2021-12-15', '2021-12-16', '2022-12-27', '2022-12-28', '2024-05-31', '2024-06-01', '2030-01-01'].map((text) =>
        editionOn(day(text)),
      ),
    ).toEqual([...[null, '2021', '2021', '2022', '2022', '2024', '2024']]);
    expect(measuresOfEdition('2024').map(({ id }) => id)).toEqual([
      ...['M101', 'M102', 'M201', 'M202', 'M203', 'M204', 'M205', 'M206', 'M301'],
    ]);
    expect(measuresOfEdition('1999')).toEqual([]);
  });

  it('gives the measure of the edition in force on the day of the decision', () => {
    expect(measureFor(use())).toMatchObject({ id: 'M204', edition: '2024' });
    expect(measureFor(use({ decidedOn: day('2023-05-01') })).edition).toBe('2022');
  });

  it.each([
    [{ measureId: 'M999' }, 'is not in edition 2024'],
    [{ decidedOn: day('2020-01-01') }, 'no catalogue that was in force on 2020-01-01'],
    [{ measureId: 'M101', severity: 'GENERAL' }, 'not for decisions of severity GENERAL'],
    [{ measureId: 'M205', kinds: ['FOOD_AGRI_TESTING_BODY'] }, 'not for institutions of this kind'],
    [{ measureId: 'M205', kinds: [] }, 'not for institutions of this kind'],
  ])('refuses %j', (over, why) => {
    expect(() => measureFor(use(over))).toThrow(expect.objectContaining({ code: 'MEASURE_NOT_IN_LIST' }));
    expect(() => measureFor(use(over))).toThrow(why);
  });
});

describe('the content of a notice', () => {
  const known = new Set(['market-regulation', 'ecology', 'transport', 'public-security']);
  const request = (over: Partial<NoticeRequest> = {}): NoticeRequest => ({
    decisionNumber: '黔示例罚〔2026〕1号',
    decidedOn: day('2026-02-24'),
    listType: null,
    severity: 'SERIOUS',
    factsSummary: 'x',
    measures: [{ measureId: 'M204', basis: null }],
    startDate: day('2026-03-02'),
    endDate: day('2027-03-01'),
    recipients: [{ departmentId: 'ecology', mandatory: true }],
    ...over,
  });
  const make = (over: Partial<NoticeRequest> = {}) =>
    contentOf(request(over), ['VEHICLE_INSPECTION_BODY'], known, at('2026-03-02'));

  it('puts each measure into the hands of those who carry it out', () => {
    const { measures } = make({
      measures: [
        { measureId: 'M204', basis: '第1条' },
        { measureId: 'M205', basis: null },
      ],
      recipients: ['ecology', 'transport', 'public-security'].map((departmentId) => ({
        departmentId,
        mandatory: true,
      })),
    });
    expect(measures.map(({ measureId, responsibleId }) => `${measureId} ${responsibleId}`)).toEqual([
      ...['M204 ecology', 'M204 transport', 'M204 public-security', 'M205 ecology', 'M205 public-security'],
    ]);
    expect(measures[0]?.basis).toMatch(/; 第1条$/);
  });

  it.each<[Partial<NoticeRequest>, string]>([
    [{ decidedOn: day('2026-03-03') }, 'lies in the future'],
    [{ startDate: day('2026-02-01') }, 'before the decision'],
    [{ endDate: day('2026-03-01') }, 'before "startDate"'],
    [{ decidedOn: day('2025-01-01'), startDate: day('2025-01-02'), endDate: day('2026-03-01') }, 'has passed'],
    [{ endDate: day('2029-03-03') }, 'at most 36 months'],
    [{ severity: 'MINOR', endDate: day('2026-06-03') }, 'at most 3 months'],
    [{ recipients: [{ departmentId: 'drug', mandatory: true }] }, 'no department "drug"'],
    [{ recipients: [request().recipients[0], request().recipients[0]].flatMap((each) => each ?? []) }, 'named twice'],
    [{ measures: [request().measures[0], request().measures[0]].flatMap((each) => each ?? []) }, 'named twice'],
    [{ measures: [{ measureId: 'M101', basis: null }] }, 'none is a recipient'],
    [
      {
        measures: [{ measureId: 'M205', basis: null }],
        recipients: ['ecology', 'transport'].map((departmentId) => ({ departmentId, mandatory: true })),
      },
      '"transport" has none of the measures',
    ],
  ])('refuses %j', (over, why) => {
    expect(() => make(over)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(() => make(over)).toThrow(why);
  });
});
