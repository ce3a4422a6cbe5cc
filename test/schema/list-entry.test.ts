import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { listEntryOf } from '../../schema/list-entry/list-entry.type.ts';
import { day, provenance } from './support/records.ts';

const entry = (listedOn: string, removedOn: string | null) => ({
  listType: 'ABNORMAL' as const,
  reason: '未按规定公示年度报告',
  listedOn: day(listedOn),
  authority: '示例省市场监管局',
  removedOn: removedOn === null ? null : day(removedOn),
  provenance: provenance('market-regulation'),
});

describe('an entry on a list', () => {
  it.each([
    ['from the day of its listing', '2026-03-05', null, true],
    ['as long as nobody removes it', '2019-01-01', null, true],
    ['on the day before its removal', '2026-01-01', '2026-03-06', true],
    ['no more on the day of its removal', '2026-01-01', '2026-03-05', false],
    ['no more after its removal', '2026-01-01', '2026-03-04', false],
    ['not before the day of its listing', '2026-03-06', null, false],
    ['never when it was removed on the day of its listing', '2026-03-05', '2026-03-05', false],
  ])('stands %s', (_, listedOn, removedOn, active) => {
    expect(listEntryOf(entry(listedOn, removedOn), day('2026-03-05'), []).active).toBe(active);
  });

  it('keeps all its facts', () => {
    const record = entry('2026-01-01', null);
    expect(listEntryOf(record, day('2026-03-05'), [])).toMatchObject({ ...record, active: true });
  });
});
