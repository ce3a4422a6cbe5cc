import { describe, expect, it } from '@jest/globals';
import { untilWritten } from '../../schema/contested.ts';

const tooMany = () => new Error('too many');

describe('a write against others', () => {
  it('is tried anew until nobody was faster, however often others were', async () => {
    let losses = 0;
    const attempt = () => Promise.resolve(++losses > 100 ? 'written' : null);
    expect(await untilWritten(attempt, tooMany)).toBe('written');
    expect(losses).toBe(101);
  });

  it('gives up, by name, when others are faster all the while', async () => {
    let tries = 0;
    const attempt = () => {
      tries += 1;
      return Promise.resolve(null);
    };
    await expect(untilWritten(attempt, tooMany, 0)).rejects.toThrow('too many');
    expect(tries).toBeGreaterThan(0);
  });

  it('fails at once with what the attempt itself fails with', async () => {
    let tries = 0;
    const attempt = () => {
      tries += 1;
      return Promise.reject(new Error('no such notice'));
    };
    await expect(untilWritten(attempt, tooMany)).rejects.toThrow('no such notice');
    expect(tries).toBe(1);
  });
});
