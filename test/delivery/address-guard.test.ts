import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { AllowListText } from '../../schema/delivery/address/allow-list.ts';
import { AddressGuard, targetOf, type ResolvedAddress } from '../../schema/delivery/address/address-guard.ts';

const PUBLIC = '93.184.215.14';
const family = (address: string): number => (address.includes(':') ? 6 : 4);
const addresses = (...texts: readonly string[]): readonly ResolvedAddress[] =>
  texts.map((address) => ({ address, family: family(address) }));

/** Names of a small internet. */
const NAMES: Readonly<Record<string, readonly ResolvedAddress[]>> = {
  'hooks.water.example': addresses(PUBLIC, '2606:2800:21f:cb07:6820:80da:af6b:8b2c'),
  'inside.water.example': addresses('10.20.1.9'),
  'half.water.example': addresses(PUBLIC, '127.0.0.1'),
  'metadata.water.example': addresses('169.254.169.254'),
  'fileserver.internal': addresses(PUBLIC),
  localhost: addresses('127.0.0.1'),
};
const resolve = (host: string): Promise<readonly ResolvedAddress[]> =>
  NAMES[host] === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(NAMES[host]);

const guardOf = (allow = ''): AddressGuard => new AddressGuard({ allow: AllowListText.parse(allow), resolve });
const codeOf = async (url: string, allow = ''): Promise<string> =>
  guardOf(allow)
    .demandCallable(url)
    .then(
      () => 'callable',
      (error: unknown) => (error as { code: string }).code,
    );

describe('an address that is registered', () => {
  it.each([
    'https://hooks.water.example/notices?tenant=52',
    'https://hooks.water.example:8443/',
    'https://hooks.water.example:80/',
    'https://HOOKS.water.example./',
    `https://${PUBLIC}/`,
    'https://[2606:4700:4700::1111]/',
    // Public addresses of IPv4 in the dress of IPv6.
    'https://[::ffff:93.184.215.14]/',
    'https://[64:ff9b::5db8:d70e]/',
    'https://[2002:5db8:d70e::1]/',
  ])('may be %s', async (url) => {
    expect(await codeOf(url)).toBe('callable');
  });

  it.each([
    ['loopback', 'https://127.0.0.1/'],
    ['loopback, not the first', 'https://127.8.9.1/'],
    ['loopback in decimal', 'https://2130706433/'],
    ['loopback in hexadecimal', 'https://0x7f000001/'],
    ['loopback in octal', 'https://0177.0.0.1/'],
    ['loopback, shortened', 'https://127.1/'],
    ['loopback in circled digits', 'https://①②⑦.0.0.1/'],
    ['loopback with ideographic stops', 'https://127。0。0。1/'],
    ['loopback with a dot behind it', 'https://127.0.0.1./'],
    ['loopback of IPv6', 'https://[::1]/'],
    ['loopback, mapped', 'https://[::ffff:127.0.0.1]/'],
    ['loopback, mapped, in hexadecimal', 'https://[::ffff:7f00:1]/'],
    ['loopback, compatible (RFC 4291 2.5.5.1)', 'https://[::127.0.0.1]/'],
    ['loopback behind NAT64', 'https://[64:ff9b::7f00:1]/'],
    ['loopback behind a local NAT64', 'https://[64:ff9b:1::7f00:1]/'],
    ['loopback behind 6to4', 'https://[2002:7f00:1::]/'],
    ['a private client of Teredo', 'https://[2001:0:5db8:d70e:0:0:f5ff:fffe]/'],
    ['a private server of Teredo', 'https://[2001:0:a00:1:0:0:a247:28f1]/'],
    ['the host itself', 'https://0.0.0.0/'],
    ['the host itself, IPv6', 'https://[::]/'],
    ['private 10', 'https://10.1.2.3/'],
    ['private 172.16', 'https://172.31.255.1/'],
    ['private 192.168', 'https://192.168.1.1/'],
    ['carrier-grade NAT', 'https://100.64.0.1/'],
    ['link-local', 'https://169.254.7.7/'],
    ['link-local of IPv6', 'https://[fe80::1]/'],
    ['unique local', 'https://[fd12:3456::1]/'],
    ['site-local', 'https://[fec0::1]/'],
    ['multicast', 'https://224.0.0.1/'],
    ['broadcast', 'https://255.255.255.255/'],
    ['benchmarks', 'https://198.18.0.1/'],
    ['documentation', 'https://192.0.2.1/'],
    ['documentation of IPv6', 'https://[2001:db8::1]/'],
    ['space that nobody has', 'https://[4000::1]/'],
    ['metadata', 'https://169.254.169.254/'],
    ['metadata of IPv6', 'https://[fd00:ec2::254]/'],
    ['metadata of another cloud', 'https://100.100.100.200/'],
    ['localhost', 'https://localhost/'],
    ['below localhost', 'https://a.localhost/'],
    ['.local', 'https://printer.local/'],
    ['.internal, whatever it stands for', 'https://fileserver.internal/'],
    ['a name without a dot', 'https://intranet/'],
    ['a name that leads inside', 'https://inside.water.example/'],
    ['a name of which one address leads inside', 'https://half.water.example/'],
    ['a name that leads to metadata', 'https://metadata.water.example/'],
    ['http', 'http://hooks.water.example/'],
    ['ftp', 'ftp://hooks.water.example/'],
    ['a file', 'file:///etc/passwd'],
    ['the port of SSH', 'https://hooks.water.example:22/'],
    ['the port of mail', 'https://hooks.water.example:25/'],
  ])('is refused: %s', async (_what, url) => {
    expect(await codeOf(url)).toBe('ADDRESS_NOT_ALLOWED');
  });

  it.each([
    ['nothing', ''],
    ['no URL', 'hooks.water.example/notices'],
    ['a port that there is not', 'https://hooks.water.example:70000/'],
    ['a user', 'https://me:secret@hooks.water.example/'],
    ['a fragment', 'https://hooks.water.example/#x'],
    ['an empty fragment', 'https://hooks.water.example/#'],
    ['a name that nobody has', 'https://nobody.water.example/'],
    ['a zone', 'https://[fe80::1%25eth0]/'],
    ['too long', `https://hooks.water.example/${'x'.repeat(2_048)}`],
  ])('is wrong: %s', async (_what, url) => {
    expect(await codeOf(url)).toBe('INPUT_INVALID');
  });

  it('is kept in the form in which it is called', async () => {
    expect(await guardOf().demandCallable(' https://HOOKS.water.example:443/a/../b ')).toBe(
      'https://hooks.water.example/b',
    );
  });
});

describe('what the operator allows', () => {
  it.each([
    ['127.0.0.1:9100', 'http://127.0.0.1:9100/'],
    ['127.0.0.1', 'http://127.0.0.1:22/'],
    ['127.0.0.0/8', 'http://127.0.0.1:9100/'],
    ['127.0.0.0/8', 'http://[::ffff:127.0.0.1]:9100/'],
    ['[::1]:9100', 'http://[::1]:9100/'],
    ['::1', 'http://[::1]:9100/'],
    ['fd12::/16', 'https://[fd12:3456::1]/'],
    ['10.20.0.0/16', 'http://inside.water.example/'],
    ['localhost:9100', 'http://localhost:9100/'],
    ['Inside.Water.Example', 'http://inside.water.example:8080/'],
    [' 10.20.0.0/16 , fileserver.internal ', 'http://fileserver.internal/'],
  ])('%s lets %s through', async (allow, url) => {
    expect(await codeOf(url, allow)).toBe('callable');
  });

  it.each([
    ['127.0.0.1:9100', 'http://127.0.0.1:9101/'],
    ['127.0.0.1:9100', 'http://localhost:9100/'],
    ['127.0.0.1:9100', 'http://[::1]:9100/'],
    ['10.20.0.0/16', 'https://10.21.0.1/'],
    ['10.20.0.0/16', 'https://half.water.example/'],
    ['inside.water.example', 'https://10.20.1.9/'],
    ['water.example', 'https://inside.water.example/'],
    ['inside.water.example:443', 'https://inside.water.example:8443/'],
    // Never, whatever the list says.
    ['169.254.0.0/16', 'http://169.254.169.254/'],
    ['0.0.0.0/0', 'http://169.254.169.254/'],
    ['::/0', 'http://[::ffff:169.254.169.254]/'],
    ['metadata.water.example', 'http://metadata.water.example/'],
  ])('%s does not let %s through', async (allow, url) => {
    expect(await codeOf(url, allow)).toBe('ADDRESS_NOT_ALLOWED');
  });

  it.each([
    'http://x.example',
    'x.example/path',
    '10.0.0.0/33',
    '10.0.0',
    '0x7f.1',
    '*',
    'a b',
    '[x.example]',
    'a:0',
    'a:65536',
    '[::1',
    '1.2.3.4.5',
  ])('must not be written as %s', (text) => {
    expect(AllowListText.safeParse(text).success).toBe(false);
  });
});

describe('the address that is connected to', () => {
  const lookUp = (guard: AddressGuard, url: string, options = { all: true }) =>
    promisify(guard.lookupFor(targetOf(url)))('what the socket says', options);

  it('is one that was looked up for this connection, and all of them were checked', async () => {
    expect(await lookUp(guardOf(), 'https://hooks.water.example/')).toEqual(NAMES['hooks.water.example']);
    await expect(lookUp(guardOf(), 'https://half.water.example/')).rejects.toMatchObject({
      code: 'ADDRESS_NOT_ALLOWED',
    });
    await expect(lookUp(guardOf(), 'https://nobody.water.example/')).rejects.toThrow('ENOTFOUND');
  });

  it('is checked anew when the name stands for another one than when it was registered', async () => {
    const answers = [addresses(PUBLIC), addresses('127.0.0.1')];
    const guard = new AddressGuard({ resolve: () => Promise.resolve(answers.shift() ?? []) });
    expect(await guard.demandCallable('https://rebinding.example/')).toBe('https://rebinding.example/');
    await expect(lookUp(guard, 'https://rebinding.example/')).rejects.toMatchObject({ code: 'ADDRESS_NOT_ALLOWED' });
    await expect(lookUp(guard, 'https://rebinding.example/')).rejects.toThrow('no address');
  });
});
