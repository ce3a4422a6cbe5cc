import { describe, expect, it } from '@jest/globals';
import { usageOf } from '../../gateway/commands/usage-of.ts';

const USAGE = `usage: npm run hub -- <command>

  sync <department>   reads
  credit explain <code>
                      prints
  credit report       writes
  credits             something else`;

describe('whoever used a command wrongly', () => {
  it('is shown how that command is used', () => {
    expect(usageOf(USAGE, 'credit')).toBe(`usage: npm run hub -- <command>

  credit explain <code>
                      prints
  credit report       writes`);
  });

  it('is shown all of them when there is no such command', () => {
    expect([usageOf(USAGE, 'cred'), usageOf(USAGE, undefined)]).toEqual([USAGE, USAGE]);
  });
});
