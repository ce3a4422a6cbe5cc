import ipaddr from 'ipaddr.js';

/** Bits of an IPv6 address that one household or office has to itself. */
const NETWORK_BITS = 64;

/** What counts as one caller of the public: an IPv4 address, or the network of an IPv6 address. */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/${NETWORK_BITS}`).toString();
}
