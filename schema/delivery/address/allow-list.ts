/** Addresses inside the hub's own networks that may be called all the same: the operator's word. Pure. */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { destinationsOf, type IpAddress } from './public-address.ts';

/** Where a call goes, as its URL says. */
export interface Target {
  readonly protocol: 'http:' | 'https:';
  /** Lower case, without brackets and without a dot at its end. */
  readonly host: string;
  readonly port: number;
}

export type AllowEntry =
  | { readonly kind: 'HOST'; readonly host: string; readonly port: number | null }
  | { readonly kind: 'NETWORK'; readonly network: [IpAddress, number]; readonly port: number | null };

export type AllowList = readonly AllowEntry[];

const LARGEST_PORT = 65_535;
/** `host`, `host:port`, `10.0.0.1:8080`, `[fd00::1]`, `[fd00::1]:8080`. */
const HOST_AND_PORT = /^(?:\[([\da-f:.]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?$/i;
const HOST_NAME = /^(?=.{1,253}$)[a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?(\.[a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?)*$/;

/** A plain address without octal, hexadecimal or shortened forms; undefined for anything else. */
function plainAddress(text: string): IpAddress | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
}

function networkOf(text: string): AllowEntry | undefined {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text) && !ipaddr.IPv6.isValidCIDR(text)) return undefined;
  return { kind: 'NETWORK', network: ipaddr.parseCIDR(text), port: null };
}

function entryOf(text: string): AllowEntry | undefined {
  if (text.includes('/')) return networkOf(text);
  const whole = plainAddress(text);
  const [, bracketed, bare, digits] = whole === undefined ? (HOST_AND_PORT.exec(text) ?? []) : [text, text];
  const host = (bracketed ?? bare ?? '').toLowerCase();
  const port = digits === undefined ? null : Number(digits);
  if (host === '' || port === 0 || (port ?? 0) > LARGEST_PORT) return undefined;
  const address = whole ?? plainAddress(host);
  if (address !== undefined) return { kind: 'NETWORK', network: [address, bitsOf(address)], port };
  // A name that ends in a number would be read as an address by a URL.
  return bracketed === undefined && HOST_NAME.test(host) && !/(^|\.)\d+$/.test(host)
    ? { kind: 'HOST', host, port }
    : undefined;
}

const bitsOf = (address: IpAddress): number => (address instanceof ipaddr.IPv4 ? 32 : 128);

/** A list as an operator writes it: `10.20.0.0/16,127.0.0.1:9100,hooks.water.example`. */
export const AllowListText = z.string().transform((text, context): AllowList => {
  const words = text.split(',').flatMap((word) => word.trim() || []);
  return words.flatMap((word) => {
    const entry = entryOf(word);
    if (entry !== undefined) return [entry];
    const message = 'must be a list of host, host:port, address, address:port or network (10.20.0.0/16)';
    context.issues.push({ code: 'custom', message, input: text });
    return [];
  });
});

const isForPort = ({ port }: AllowEntry, target: Target): boolean => port === null || port === target.port;

/** Whether the list names the host itself: whatever the name stands for is then meant. */
export const namesHost = (list: AllowList, target: Target): boolean =>
  list.some((entry) => entry.kind === 'HOST' && entry.host === target.host && isForPort(entry, target));

function contains([network, bits]: [IpAddress, number], address: IpAddress): boolean {
  return network.kind() === address.kind() && address.match([network, bits]);
}

/** @param address to which the target's host leads */
export const allows = (list: AllowList, target: Target, address: IpAddress): boolean =>
  namesHost(list, target) ||
  destinationsOf(address).every((each) =>
    list.some((entry) => entry.kind === 'NETWORK' && isForPort(entry, target) && contains(entry.network, each)),
  );
