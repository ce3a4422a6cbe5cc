/** More ways to write an address inside as one outside; the usual ones are in test/delivery/address-guard.test.ts. */
import { describe, expect, it } from '@jest/globals';
import { AddressGuard } from '../../schema/delivery/address/address-guard.ts';
import { HubError } from '../../schema/errors.ts';

const guard = new AddressGuard({
  resolve: (host) =>
    host === 'hooks.water.example'
      ? Promise.resolve([{ address: '93.184.215.14', family: 4 }])
      : Promise.reject(new Error('ENOTFOUND')),
});

async function codeFor(address: string): Promise<string> {
  try {
    return await guard.demandCallable(address);
  } catch (error) {
    return error instanceof HubError ? error.code : String(error);
  }
}

describe('An address', () => {
  it.each([
    ['metadata in decimal', 'https://2852039166/'],
    ['metadata in hexadecimal', 'https://0xa9fea9fe/'],
    ['metadata in octal', 'https://0251.0376.0251.0376/'],
    ['metadata in mixed notations', 'https://0xa9.254.0251.254/'],
    ['metadata behind NAT64', 'https://[64:ff9b::a9fe:a9fe]/'],
    ['metadata, mapped', 'https://[::ffff:a9fe:a9fe]/'],
    ['metadata, translated (RFC 2765)', 'https://[::ffff:0:a9fe:a9fe]/'],
    ['metadata behind 6to4', 'https://[2002:a9fe:a9fe::1]/'],
    ['loopback in percent signs', 'https://%31%32%37.0.0.1/'],
    ['loopback with zeros before it', 'https://127.000.000.001/'],
    ['loopback in hexadecimal parts', 'https://0x7f.0x0.0x0.0x1/'],
    ['loopback in two parts', 'https://127.65530/'],
    ['loopback in letters of full width', 'https://１２７．０．０．１/'],
    ['a backslash that ends the host', 'https://127.0.0.1\\@hooks.water.example/'],
    ['a line end within the name', 'https://local\nhost/'],
    ['a soft hyphen within the name', 'https://local\u00adhost/'],
    ['an upper-case local name', 'https://LOCALHOST/'],
    ['a local name behind a dot', 'https://localhost./'],
  ])('that leads inside is refused: %s', async (_, address) => {
    expect(['ADDRESS_NOT_ALLOWED', 'INPUT_INVALID']).toContain(await codeFor(address));
  });

  it.each([
    ['a user that looks like the host', 'https://hooks.water.example@127.0.0.1/'],
    ['a user behind the host', 'https://127.0.0.1@hooks.water.example/'],
    ['another scheme', 'gopher://hooks.water.example:70/_evil'],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/plain,evil'],
    ['a line end in the path', 'https://hooks.water.example/a\r\nHost: evil.example'],
  ])('that is more than an address is refused or taken as one: %s', async (_, address) => {
    const outcome = await codeFor(address);
    expect(outcome).toMatch(/^(ADDRESS_NOT_ALLOWED|INPUT_INVALID|https:\/\/hooks\.water\.example\/[!-~]*)$/);
  });

  it('outside is called as ever', async () => {
    expect(await codeFor('https://hooks.water.example/notices')).toBe('https://hooks.water.example/notices');
  });
});
