import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PUBLIC_CALLER, type Caller } from '../../schema/access/caller.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

const ECOLOGY: Caller = {
  subject: 'ecology-notices',
  departmentId: 'ecology',
  roles: ['PUBLIC', 'RECIPIENT'],
  regions: ['52'],
  credentialId: 'k1',
};
const seen: Caller[] = [];
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    callerOf: (token) => Promise.resolve(token === 'right' ? ECOLOGY : null),
    contextFor: (scope, caller) => {
      seen.push(caller);
      return { requestId: scope.requestId, scope };
    },
  });
});
afterAll(() => server.close());

const ask = (authorization?: string) =>
  server.post({ query: '{ __typename }' }, authorization === undefined ? {} : { authorization });

describe('the front door', () => {
  it('takes a request without credentials for the public', async () => {
    expect((await ask()).status).toBe(200);
    expect(seen.at(-1)).toEqual(PUBLIC_CALLER);
  });

  it('knows a caller by its key', async () => {
    expect((await ask('Bearer right')).status).toBe(200);
    expect(seen.at(-1)).toEqual(ECOLOGY);
  });

  it.each(['Bearer wrong', 'Bearer', 'Basic cmlnaHQ6', '', 'right', `Bearer ${'x'.repeat(5_000)}`])(
    'refuses "%.20s" before anything is executed',
    async (authorization) => {
      const before = seen.length;
      const answer = await ask(authorization);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(await answer.json()).toEqual({
        errors: [
          {
            message: 'The credentials are not, or no longer, valid.',
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      });
      expect(seen).toHaveLength(before);
    },
  );
});
