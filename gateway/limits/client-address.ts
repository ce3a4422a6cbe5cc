import type { IncomingMessage } from 'node:http';
import { includesAddress, type AddressList } from '../auth/trusted-proxies.ts';

/**
 * The network address from which a request comes: behind trusted proxies the last one in X-Forwarded-For that is not a
 * proxy's. What stands before it may have been written by anybody.
 */
export function clientAddress(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  trustedProxies: AddressList | undefined,
): string {
  const isTrusted = (address: string): boolean =>
    trustedProxies !== undefined && includesAddress(trustedProxies, address);
  const remote = socket.remoteAddress ?? '';
  if (!isTrusted(remote)) return remote;
  const named = (headers['x-forwarded-for'] ?? '').toString().split(',');
  const hops = named.map((address) => address.trim()).filter((address) => address !== '');
  return hops.findLast((address) => !isTrusted(address)) ?? remote;
}
