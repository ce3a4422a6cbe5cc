/** Which IP addresses belong to the public internet. Pure. */
import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** Services of cloud platforms that hand out credentials to whoever asks from inside: never a partner's. */
const METADATA = new Set(['169.254.169.254', 'fd00:ec2::254', '100.100.100.200']);

/** All IPv6 addresses that have been given out for global use (IANA, 2000::/3). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

const BYTES_OF_IPV4 = 4;
const OFFSETS = { sixToFour: 2, teredoServer: 4, last: 12 } as const;

const ipv4At = (address: ipaddr.IPv6, offset: number): ipaddr.IPv4 =>
  new ipaddr.IPv4(address.toByteArray().slice(offset, offset + BYTES_OF_IPV4));

/** The client's address lies inverted in a Teredo address (RFC 4380 4). */
const teredoClient = (address: ipaddr.IPv6): ipaddr.IPv4 =>
  new ipaddr.IPv4(ipv4At(address, OFFSETS.last).octets.map((octet) => octet ^ 0xff));

/**
 * The addresses at which a packet to this one may arrive: itself, or those of IPv4 that it carries inside (mapped,
 * NAT64 of RFC 6052, 6to4, Teredo).
 */
export function destinationsOf(address: IpAddress): readonly IpAddress[] {
  if (address instanceof ipaddr.IPv4) return [address];
  switch (address.range()) {
    case 'ipv4Mapped':
    case 'rfc6052':
      return [ipv4At(address, OFFSETS.last)];
    case '6to4':
      return [ipv4At(address, OFFSETS.sixToFour)];
    case 'teredo':
      return [ipv4At(address, OFFSETS.teredoServer), teredoClient(address)];
    default:
      return [address];
  }
}

export const isMetadataService = (address: IpAddress): boolean =>
  destinationsOf(address).some((each) => METADATA.has(each.toString()));

/** Whether all of its destinations are single hosts of the public internet. */
export const isPublicAddress = (address: IpAddress): boolean =>
  destinationsOf(address).every(
    (each) => each.range() === 'unicast' && (each instanceof ipaddr.IPv4 || each.match(GLOBAL_IPV6)),
  );
