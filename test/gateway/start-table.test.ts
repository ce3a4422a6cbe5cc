import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { sampleCommand, shellQuote, startTable, type StartFacts } from '../../gateway/start-table.ts';

const facts: StartFacts = {
  graphAddress: 'http://127.0.0.1:4000/graphql',
  controlAddress: 'http://127.0.0.1:41000',
  identity: { address: 'http://127.0.0.1:42000', dataFolder: '/srv/hub data' },
  store: 'embedded in .data',
  queue: 'redis://10.0.0.2:6379',
  departments: [
    {
      name: 'Market Regulation',
      protocol: 'REST',
      address: 'http://127.0.0.1:1',
      state: 'UP',
      usesReferenceUpstream: true,
    },
    {
      name: 'Ecology',
      protocol: 'REST JSON',
      address: 'https://10.0.0.1/x',
      state: 'DOWN',
      usesReferenceUpstream: false,
    },
  ],
};

describe('The table that the hub prints when it serves', () => {
  it('lines up addresses, departments and a query to paste', () => {
    expect(startTable(facts)).toBe(`Joint credit hub

Graph             http://127.0.0.1:4000/graphql
GraphiQL          open the same address in a browser
Readiness         http://127.0.0.1:4000/readyz
Store             embedded in .data
Queue             redis://10.0.0.2:6379
Upstream control  http://127.0.0.1:41000
Sample users      http://127.0.0.1:42000; npm run hub -- identity users

Department         Protocol   Address             State  Upstream
Market Regulation  REST       http://127.0.0.1:1  UP     reference
Ecology            REST JSON  https://10.0.0.1/x  DOWN   configured

Try:
${sampleCommand(facts.graphAddress, '/srv/hub data')}
`);
  });

  it('has no control address when every department is the real one, and no sample users in production', () => {
    const table = startTable({ ...facts, controlAddress: null, identity: null });
    expect(table).not.toMatch(/Upstream control|Sample users|authorization/);
  });

  it.each([`it's`, `"a" $HOME \`id\` \\ !x`, `''`, 'line\nbreak'])('quotes for the shell: %j', (text) => {
    const printed = execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' });
    expect(printed).toBe(text);
  });
});
