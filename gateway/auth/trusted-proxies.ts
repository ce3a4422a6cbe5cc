/** Addresses of the proxies that stand before the hub and may speak for their clients. */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

export type AddressList = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number][];

function networkOf(text: string): AddressList[number] | null {
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || ipaddr.IPv6.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return [ipaddr.IPv4.parse(text), 32];
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? [ipaddr.IPv6.parse(text), 128] : null;
}

/** A list as an operator writes it: `10.20.0.0/16,10.52.0.9`. */
export const AddressListText = z.string().transform((text, context): AddressList =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .flatMap((word) => {
      const network = networkOf(word);
      if (network !== null) return [network];
      context.issues.push({ code: 'custom', message: 'must be a list of addresses and networks', input: text });
      return [];
    }),
);

/** @param remoteAddress of the socket; undefined = it has gone, or is no network socket */
export function includesAddress(list: AddressList, remoteAddress: string | undefined): boolean {
  if (remoteAddress === undefined || !ipaddr.isValid(remoteAddress)) return false;
  // A socket that serves both kinds names an IPv4 peer in the form of IPv6.
  const address = ipaddr.process(remoteAddress);
  return list.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}
