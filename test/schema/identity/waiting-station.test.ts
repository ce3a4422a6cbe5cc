import { describe, expect, it } from '@jest/globals';
import type { AliasDecision } from '../../../schema/identity/alias-decision.ts';
import { evidenceOf } from '../../../schema/identity/match-evidence.ts';
import { NearNames } from '../../../schema/identity/near-names.ts';
import { waitingStation } from '../../../schema/identity/waiting-station.ts';
import type { DirectoryEntry } from '../../../schema/ports.ts';
import type { InstitutionRecord } from '../../../schema/records.ts';
import { buildWorld } from '../../../sources/world/build-world.ts';
import { A, B, codeOf, NAME_OF_A, station } from '../support/records.ts';
import { after, confirm, grounds, reject } from './support.ts';

const CMA = '232405340017';

/** Why a number waits, and for whom. */
function waits(
  entry: DirectoryEntry,
  registered: readonly Partial<InstitutionRecord>[],
  decisions: readonly AliasDecision[] = [],
  others: readonly DirectoryEntry[] = [],
) {
  const given = grounds(registered, [entry, ...others], decisions);
  const found = waitingStation(entry, given, new NearNames(given.subjects.all()));
  return found && { [found.kind]: found.candidates.map(({ creditCode, why }) => `${creditCode} ${why}`) };
}

describe('a local number', () => {
  it('does not wait when a rule or a person has given it to one institution', () => {
    expect(waits(station('7'), [{}])).toBeNull();
    expect(waits(station('7', { cmaNumbers: [CMA], name: '旧名' }), [{ cmaNumbers: [CMA] }])).toBeNull();
    expect(waits(station('7'), [{}, { creditCode: B }], [after('7', confirm(B))])).toBeNull();
  });

  it.each<[string, DirectoryEntry, readonly Partial<InstitutionRecord>[], readonly string[]]>([
    ['two have its name', station('7'), [{}, { creditCode: B }], [`${A} SHARED_NAME`, `${B} SHARED_NAME`]],
    ['its place is vague', station('7', { regionCode: '520100' }), [{}], [`${A} VAGUE_PLACE`]],
    [
      'two have its CMA number',
      station('7', { cmaNumbers: [CMA], name: '旧名' }),
      [{ cmaNumbers: [CMA] }, { creditCode: B, name: '别家', cmaNumbers: [CMA] }],
      [`${A} SHARED_NUMBER`, `${B} SHARED_NUMBER`],
    ],
    [
      'its code and its CMA number speak for two',
      station('7', { creditCode: B, cmaNumbers: [CMA] }),
      [{ cmaNumbers: [CMA] }, { creditCode: B, name: '别家' }],
      [`${B} IN_USE`, `${A} OTHER_CODE`],
    ],
  ])('is UNCERTAIN when %s', (_, entry, registered, candidates) => {
    expect(waits(entry, registered)).toEqual({ UNCERTAIN: candidates });
  });

  it('is UNCERTAIN when the department has another entry of its name', () => {
    expect(waits(station('7'), [{}], [], [station('8')])).toEqual({ UNCERTAIN: [`${A} SEVERAL_ENTRIES`] });
  });

  it('waits for those only whose it may still be', () => {
    const three = [A, B, codeOf(3)].map((creditCode) => ({ creditCode }));
    expect(waits(station('7'), three, [after('7', reject(B))])).toEqual({
      UNCERTAIN: [`${A} SHARED_NAME`, `${codeOf(3)} SHARED_NAME`],
    });
  });

  it('that nobody has is UNMATCHED, and institutions with a like name in its prefecture are suggested', () => {
    const likely = { name: '贵州示例恒轩机动车检测有限公司', regionCode: '520115' };
    const registered = [
      { ...likely, creditCode: A },
      { ...likely, creditCode: B, regionCode: '520303' },
      ...Array.from({ length: 20 }, (_, n) => ({
        creditCode: codeOf(10 + n),
        name: `贵州示例${'东西南北中春夏秋冬年月日时分秒金木水火土'.charAt(n)}方机动车检测有限公司`,
      })),
    ];
    const former = station('7', { name: '贵州示例恒轩机动车综合性能检测站' });
    expect(waits(former, registered)).toEqual({ UNMATCHED: [`${A} SIMILAR_NAME`] });
    expect(waits(former, registered, [after('7', reject(A))])).toEqual({ UNMATCHED: [] });
    expect(waits({ ...former, regionCode: null }, registered)).toEqual({ UNMATCHED: [] });
    expect(waits(station('7', { name: '' }), registered)).toEqual({ UNMATCHED: [] });
  });
});

describe('names alike', () => {
  it('bring the institution first that a station of a former name belongs to, nearly always', () => {
    const { institutions } = buildWorld({ size: 3_000 });
    const near = new NearNames(
      institutions.map(({ creditCode, name, region }) => ({ creditCode, name, regionCode: region, cmaNumbers: [] })),
    );
    const renamed = institutions.flatMap(({ creditCode, region, nameAt }) => {
      const former = Object.values(nameAt).find((name) => name.endsWith('综合性能检测站'));
      return former === undefined ? [] : [{ creditCode, former, region }];
    });
    const found = renamed.filter(
      ({ creditCode, former, region }) =>
        near.of({ name: former, regionCode: region })[0]?.subject.creditCode === creditCode,
    );
    expect(renamed.length).toBeGreaterThan(50);
    expect(found.length / renamed.length).toBeGreaterThan(0.95);
  });
});

describe('the evidence of a match', () => {
  const facts = { creditCode: A, name: NAME_OF_A, regionCode: '520115', cmaNumbers: [CMA] };

  it('puts the register’s facts beside the department’s', () => {
    const entry = station('7', { name: '贵州示例甲机动车检测', cmaNumbers: ['1', CMA], regionCode: '520102' });
    expect(evidenceOf(facts, entry)).toEqual([
      { field: 'creditCode', ours: A, theirs: null, agrees: null },
      { field: 'cmaNumber', ours: CMA, theirs: `1, ${CMA}`, agrees: true },
      { field: 'name', ours: NAME_OF_A, theirs: '贵州示例甲机动车检测', agrees: true },
      { field: 'region', ours: '520115', theirs: '520102', agrees: false },
    ]);
  });

  it('does not take a vague place for another one, nor a missing word for a denial', () => {
    const entry = station('7', { regionCode: '520100', name: '别家股份有限公司', creditCode: B });
    expect(evidenceOf({ ...facts, cmaNumbers: [] }, entry)).toEqual([
      { field: 'creditCode', ours: A, theirs: B, agrees: false },
      { field: 'name', ours: NAME_OF_A, theirs: '别家股份有限公司', agrees: false },
      { field: 'region', ours: '520115', theirs: '520100', agrees: null },
    ]);
  });
});
