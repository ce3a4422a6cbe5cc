import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keysCommand } from '../../gateway/commands/keys.ts';
import { UsageError } from '../../gateway/commands/usage-error.ts';
import { ApiKeys } from '../../schema/access/api-keys.ts';
import { openStore, type StoreUnderTest } from '../support/store.ts';

let store: StoreUnderTest;
let now = new Date('2026-03-02T08:00:00Z');
let keys: ApiKeys;
beforeAll(async () => {
  store = await openStore();
  keys = new ApiKeys(store.connection, () => now);
});
afterAll(() => store.close());

const ECOLOGY = {
  subject: 'ecology-notices',
  departmentId: 'ecology',
  roles: ['RECIPIENT'],
  regions: ['52'],
  expiresAt: null,
} as const;

describe('API keys', () => {
  it('know their caller by the token, which is not kept', async () => {
    const { id, token } = await keys.create(ECOLOGY);
    expect(await keys.callerOf(token)).toEqual({
      subject: 'ecology-notices',
      departmentId: 'ecology',
      roles: ['PUBLIC', 'RECIPIENT'],
      regions: ['52'],
      credentialId: id,
    });
    const kept = JSON.stringify(await store.connection.collection('api_keys').find().toArray());
    expect(kept).toContain(id);
    expect(kept).not.toContain(token.slice(-43));
  });

  it('let nobody in with another secret, another id or another form', async () => {
    const { token } = await keys.create(ECOLOGY);
    const last = token.at(-1) === 'A' ? 'B' : 'A';
    for (const wrong of [token.slice(0, -1) + last, token.replace('jch_', 'jch_A'), 'jch_', '', `${token} `])
      expect(await keys.callerOf(wrong)).toBeNull();
  });

  it('end at their time and when they are revoked, for open connections too', async () => {
    const { id, token } = await keys.create({ ...ECOLOGY, expiresAt: new Date('2026-03-03T00:00:00Z') });
    const { id: other, token: otherToken } = await keys.create(ECOLOGY);
    expect(await keys.stillHolds(id)).toBe(true);
    now = new Date('2026-03-03T00:00:01Z');
    expect(await keys.stillHolds(id)).toBe(false);
    expect(await keys.callerOf(token)).toBeNull();
    expect(await keys.revoke(other)).toBe(true);
    expect(await keys.revoke(other)).toBe(false);
    expect(await keys.callerOf(otherToken)).toBeNull();
  });

  it('are replaced with an overlap, for the same holder with the same limits', async () => {
    const limits = { actions: ['notice:receive'], classes: ['PUBLIC'] } as const;
    const { id, token } = await keys.create({ ...ECOLOGY, ...limits });
    const older = await keys.callerOf(token);
    const issued = await keys.rotate(id, 3_600_000);
    expect(issued?.previousUntil).toEqual(new Date(now.getTime() + 3_600_000));
    expect(await keys.callerOf(issued?.token ?? '')).toEqual({ ...older, credentialId: issued?.id });
    expect(older).toMatchObject({ limits });
    expect(await keys.callerOf(token)).toEqual(older);
    now = new Date(now.getTime() + 3_600_001);
    expect(await keys.callerOf(token)).toBeNull();
    expect(await keys.callerOf(issued?.token ?? '')).not.toBeNull();
    expect(await keys.rotate(id, 0)).toBeNull();
  });

  it('that run out are replaced by ones that live as long, and end no later than they would have', async () => {
    const day = 86_400_000;
    const { id } = await keys.create({ ...ECOLOGY, expiresAt: new Date(now.getTime() + day) });
    const begun = now;
    now = new Date(begun.getTime() + day / 2);
    const issued = await keys.rotate(id, 7 * day);
    expect(issued?.previousUntil).toEqual(new Date(begun.getTime() + day));
    const ends = (await keys.list()).find(({ _id }) => _id === issued?.id)?.expiresAt;
    expect(ends).toEqual(new Date(now.getTime() + day));
  });
});

describe('hub keys', () => {
  const run = (words: readonly string[], options = {}) =>
    keysCommand(store.connection, words, options, ['ecology', 'transport']);

  it('creates a key that works, lists it without its secret, and revokes it', async () => {
    const [line, token = ''] = await run(['create', 'watch-desk'], { roles: 'enforcer,auditor', regions: '5201' });
    const id = /Key (\S+) for watch-desk/.exec(line ?? '')?.[1] ?? '';
    expect((await new ApiKeys(store.connection).callerOf(token))?.roles).toEqual(['PUBLIC', 'ENFORCER', 'AUDITOR']);
    const listed = (await run(['list'])).find((each) => each.includes('watch-desk'));
    expect(listed).toMatch(/valid +watch-desk +- +ENFORCER,AUDITOR +5201/);
    expect(listed).not.toContain(token.slice(-43));
    expect(await run(['revoke', id])).toEqual([`Key ${id} is revoked.`]);
    expect((await run(['list'])).find((each) => each.includes('watch-desk'))).toMatch(/revoked +watch-desk/);
  });

  it('limits a key to actions and classes, and shows what it replaced', async () => {
    const limits = { actions: 'notice:read,notice:receive', classes: 'public,dept_shared' };
    const options = { roles: 'recipient', regions: '52', department: 'ecology', ...limits };
    const [line = ''] = await run(['create', 'narrow'], options);
    const id = /Key (\S+) for/.exec(line)?.[1] ?? '';
    const [first = '', , token = ''] = await run(['rotate', id], { overlap: '12h' });
    expect(first).toMatch(new RegExp(`^Key \\S+ takes the place of ${id}, which works until \\d{4}-`));
    const caller = await new ApiKeys(store.connection).callerOf(token);
    expect(caller?.limits).toEqual({
      actions: ['notice:read', 'notice:receive'],
      classes: ['PUBLIC', 'DEPT_SHARED'],
    });
    const listed = (await run(['list'])).filter((each) => each.includes('narrow'));
    expect(listed).toHaveLength(2);
    expect(listed.join()).toMatch(/only notice:read,notice:receive,PUBLIC,DEPT_SHARED +never used/);
    expect(listed.join()).toMatch(/replaced by \S+/);
  });

  it.each([
    [['create'], {}, 'Name the key'],
    [['create', 'a b'], {}, 'Name the key'],
    [['create', 'x'], { roles: 'king', regions: '52' }, '--roles is a list'],
    [['create', 'x'], { roles: 'public', regions: '52' }, '--roles is a list'],
    [['create', 'x'], { roles: 'enforcer' }, '--regions is a list'],
    [['create', 'x'], { roles: 'recipient', regions: '52' }, 'act for a department'],
    [['create', 'x'], { roles: 'recipient', regions: '52', department: 'police' }, '--department is one of'],
    [
      ['create', 'x'],
      { roles: 'auditor', regions: '52', actions: 'notice:burn' },
      '--actions is a list of notice:read',
    ],
    [['create', 'x'], { roles: 'auditor', regions: '52', classes: 'secret' }, '--classes is a list of PUBLIC'],
    [['revoke', 'nothing'], {}, 'no valid key'],
    [['rotate', 'nothing'], {}, 'no valid key'],
    [['rotate', 'nothing'], { overlap: '7 days' }, '--overlap is how long'],
    [['rotate', 'nothing'], { overlap: '91d' }, '--overlap is how long'],
    [['steal'], {}, 'create, list, rotate or revoke'],
  ])('refuses %j %j', async (words, options, message) => {
    await expect(run(words, options)).rejects.toThrow(UsageError);
    await expect(run(words, options)).rejects.toThrow(message);
  });
});
