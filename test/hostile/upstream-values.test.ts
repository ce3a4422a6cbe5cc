/**
 * Characters that mean something to SQL, JSON, XML, URLs and patterns, through every read of every department: they arrive
 * as values, find nothing, and break nothing.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CreditCode } from '../../schema/codes/credit-code.ts';
import type { DepartmentSource, ReadName, SourceAnswer, SubjectReference } from '../../schema/ports.ts';
import { DEPARTMENTS, PATIENCE_MS, present, useHub } from '../hub/support.ts';
import { callScope } from '../support/source-under-test.ts';

const hub = useHub({ worldSize: 20, patienceMs: PATIENCE_MS });

const HOSTILE: readonly string[] = [
  "' OR '1'='1",
  '\'; DROP TABLE "QZ_CLJC"; --',
  "x' UNION SELECT table_name FROM information_schema.tables --",
  '" OR ""="',
  "\\' OR 1=1 --",
  '%',
  '_%',
  '$1',
  '${1+1}',
  '{{7*7}}',
  '") ) OR ( ("1"="1',
  '</xm><xm>*</xm>',
  ']]><evil/>',
  '&lt;evil&gt;',
  '&jkid=JK99&',
  '../../institutions?all=true',
  '%27%20OR%201=1',
  '{"$ne":null}',
  '.*',
  '贵州\'"\\;`',
];

type AnyAnswer = SourceAnswer<unknown>;
const TERMS = { from: null, to: null, limit: 5 };
const NUMBER_READS: ReadonlySet<ReadName> = new Set<ReadName>(['processSeries', 'reportsByNumber', 'certificates']);

/** Records of each request; fewer when the department refused, which is as good. */
function recordsOf(answer: AnyAnswer): number[] {
  if (answer.status === 'LIVE') return answer.sets.map(({ records }) => records.length);
  return [];
}

async function ask(source: DepartmentSource, read: ReadName, requests: readonly unknown[]): Promise<AnyAnswer> {
  return await source.read(read, requests as never, callScope(PATIENCE_MS));
}

const sourceOf = (id: string): DepartmentSource => present(hub().services.registry.find(id));

describe.each(DEPARTMENTS)('%s', (id) => {
  let subject: SubjectReference;
  let before: number[];
  beforeAll(async () => {
    const aliases = await hub().query<{ institution: { aliases: { localId: string; department: { id: string } }[] } }>(
      '{ institution(creditCode: "91520115MAYDM00198") { aliases { localId department { id } } } }',
      {},
      PATIENCE_MS,
    );
    const localIds = aliases.data.institution.aliases
      .filter(({ department }) => department.id === id)
      .map(({ localId }) => localId);
    subject = { creditCode: '91520115MAYDM00198' as CreditCode, localIds };
    before = await everything();
  });

  /** How much the department holds of an honest institution, read by read. */
  async function everything(): Promise<number[]> {
    const counts: number[] = [];
    for (const read of sourceOf(id).reads) {
      if (NUMBER_READS.has(read)) continue;
      const terms = { ...TERMS, vin: null, number: null, result: null };
      counts.push(...recordsOf(await ask(sourceOf(id), read, [{ ...subject, ...terms }])));
    }
    return counts;
  }

  it('finds nothing under an institution of such a name, and still holds everything afterwards', async () => {
    for (const read of sourceOf(id).reads) {
      const requests = HOSTILE.map((text) =>
        NUMBER_READS.has(read)
          ? text
          : { creditCode: text, localIds: [text], ...TERMS, vin: null, number: null, result: null },
      );
      const found = recordsOf(await ask(sourceOf(id), read, requests)).filter((count) => count > 0);
      expect({ read, found }).toEqual({ read, found: [] });
    }
    expect(await everything()).toEqual(before);
    expect(before.some((count) => count > 0)).toBe(true);
  });

  it('finds no inspection of such a vehicle, and no report of such a number', async () => {
    const { reads } = sourceOf(id);
    for (const text of HOSTILE) {
      const asked = { ...subject, ...TERMS, vin: text, number: text, result: null };
      for (const read of (['inspections', 'reports'] as const).filter((name) => reads.has(name))) {
        const answer = await ask(sourceOf(id), read, [asked]);
        // SQL has no words for "that is no vehicle": the question is put, and nothing is found.
        if (id === 'transport') expect(answer.status).toBe('LIVE');
        const counts = recordsOf(answer);
        expect({ read, text, counts: counts.filter((count) => count > 0) }).toEqual({ read, text, counts: [] });
      }
    }
    expect(await everything()).toEqual(before);
  });

  it('lists no institution of such a name', async () => {
    const source = sourceOf(id);
    const query = {
      regionPrefix: null,
      kinds: null,
      listed: null,
      qualification: null,
      orderBy: 'NAME',
      first: 5,
      after: null,
    } as const;
    for (const text of HOSTILE) {
      const page = await source.listInstitutions?.({ ...query, text }, callScope(PATIENCE_MS));
      expect({ text, rows: page?.rows ?? [] }).toEqual({ text, rows: [] });
    }
    expect(await everything()).toEqual(before);
  });
});
