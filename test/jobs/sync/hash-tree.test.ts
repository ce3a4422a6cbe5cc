import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HashTree, leafOf } from '../../../jobs/sync/hash-tree.ts';

const treeOf = (records: Iterable<readonly [string, string]>): HashTree => {
  const tree = new HashTree();
  for (const [id, hash] of records) tree.add(id, hash);
  return tree;
};
const holdings = fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 4 }), { maxKeys: 60 });

describe('trees of two holdings', () => {
  it('are equal exactly when the holdings are, in whichever order they were added', () => {
    fc.assert(
      fc.property(holdings, holdings, (one, other) => {
        const isSame = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(treeOf(Object.entries(one)).root()).toBe(treeOf(Object.entries(one).reverse()).root());
        expect(treeOf(Object.entries(one)).root() === treeOf(Object.entries(other)).root()).toBe(isSame);
      }),
    );
  });

  it('differ in the leaves of the records that differ, and in no others', () => {
    fc.assert(
      fc.property(holdings, fc.string({ maxLength: 8 }), (one, id) => {
        const other = { ...one, [id]: `${one[id] ?? ''} changed` };
        const leaves = treeOf(Object.entries(one)).differingLeaves(treeOf(Object.entries(other)));
        expect(leaves).toEqual([leafOf(id)]);
      }),
    );
  });
});
