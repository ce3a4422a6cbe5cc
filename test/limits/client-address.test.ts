import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { AddressListText } from '../../gateway/auth/trusted-proxies.ts';
import { clientAddress } from '../../gateway/limits/client-address.ts';

function addressOf(remoteAddress: string, forwarded: string | undefined, proxies: string): string {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return clientAddress({ socket, headers }, AddressListText.parse(proxies));
}

describe('The address of a client', () => {
  it.each([
    ['is that of its connection', '203.0.113.7', undefined, '', '203.0.113.7'],
    ['is not what a client says of itself', '203.0.113.7', '198.51.100.1', '', '203.0.113.7'],
    ['is what a trusted proxy says of it', '10.0.0.1', '203.0.113.7', '10.0.0.0/8', '203.0.113.7'],
    [
      'is the last one before the proxies',
      '10.0.0.1',
      '198.51.100.1, 203.0.113.7, 10.0.0.2',
      '10.0.0.0/8',
      '203.0.113.7',
    ],
    ['is the proxy’s where it names nobody', '10.0.0.1', '', '10.0.0.0/8', '10.0.0.1'],
    ['is a proxy’s where there are only proxies', '10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.0/8', '10.0.0.1'],
    ['is found behind a proxy that is mapped', '::ffff:10.0.0.1', '203.0.113.7', '10.0.0.0/8', '203.0.113.7'],
  ])('%s', (_, remote, forwarded, proxies, address) => {
    expect(addressOf(remote, forwarded, proxies)).toBe(address);
  });
});
