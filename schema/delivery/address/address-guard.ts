/**
 * Keeps calls to partners out of networks that are not theirs (server-side request forgery). Asked twice: when an address
 * is registered, and by every connection about the very IP address that is connected to, because a name may stand for
 * another address by then.
 */
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { HubError } from '../../errors.ts';
import { allows, namesHost, type AllowList, type Target } from './allow-list.ts';
import { isMetadataService, isPublicAddress } from './public-address.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a host name. @throws Error with the code of DNS when there are none */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

const LONGEST_URL = 2_048;
const WELL_KNOWN_PORTS: ReadonlySet<number> = new Set([80, 443]);
const FIRST_OPEN_PORT = 1_024;
/** Names that mean something else in every network; a name without a dot is completed by the hub's own network. */
const LOCAL_NAME = /^[^.]*$|(^|\.)(localhost|local|localdomain|internal|intranet|lan|home\.arpa)$/;

const refusal = (message: string): HubError => new HubError('ADDRESS_NOT_ALLOWED', message);

/** An address of a partner taken apart. @throws HubError INPUT_INVALID, ADDRESS_NOT_ALLOWED for another scheme */
export function targetOf(text: string): Target {
  if (text.length > LONGEST_URL)
    throw new HubError('INPUT_INVALID', `An address has at most ${LONGEST_URL} characters.`);
  if (!URL.canParse(text)) throw new HubError('INPUT_INVALID', 'The address is not a URL.');
  const { protocol, hostname, port, username, password } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') throw refusal('The address must begin with https://.');
  if (username !== '' || password !== '') {
    throw new HubError('INPUT_INVALID', 'The address must not hold a user or a password; messages are signed instead.');
  }
  if (text.includes('#')) throw new HubError('INPUT_INVALID', 'The address must not have a fragment (#).');
  return {
    protocol,
    host: hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.+$/, ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  };
}

export class AddressGuard {
  readonly #allow: AllowList;
  readonly #resolve: Resolve;

  constructor({
    allow = [],
    resolve = (host) => systemLookup(host, { all: true }),
  }: {
    allow?: AllowList;
    resolve?: Resolve;
  } = {}) {
    this.#allow = allow;
    this.#resolve = resolve;
  }

  /**
   * For an address that is to be registered.
   * @returns the same address in its normal form
   * @throws HubError INPUT_INVALID for what is no address or no known host, ADDRESS_NOT_ALLOWED
   */
  async demandCallable(text: string): Promise<string> {
    const target = targetOf(text);
    try {
      await this.#addressesOf(target);
      return new URL(text).href;
    } catch (cause) {
      if (cause instanceof HubError) throw cause;
      throw new HubError('INPUT_INVALID', 'The host of the address is not known (DNS).', { cause });
    }
  }

  /** @throws HubError ADDRESS_NOT_ALLOWED when this IP address may not be called for the target */
  demandAddress(target: Target, address: string): void {
    const parsed = ipaddr.parse(address);
    if (isMetadataService(parsed)) throw refusal('The address leads to a service of the platform.');
    if (allows(this.#allow, target, parsed)) return;
    if (target.protocol !== 'https:') throw refusal('The address must begin with https://.');
    if (!WELL_KNOWN_PORTS.has(target.port) && target.port < FIRST_OPEN_PORT)
      throw refusal(`Port ${target.port} may not be called; use 443, 80, or 1024 and above.`);
    if (!isPublicAddress(parsed)) throw refusal('The address leads into a network that may not be called.');
  }

  /** For the socket of one call: resolves the host and hands over its addresses only when all of them may be called. */
  lookupFor(target: Target): LookupFunction {
    return (_host, { family, all = false }, callback) => {
      const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : (family ?? 0);
      this.#addressesOf(target)
        .then((addresses) => {
          const fitting = addresses.filter((each) => wanted === 0 || each.family === wanted);
          const [first] = fitting;
          if (first === undefined) throw new Error('the host has no address of this family');
          if (all) process.nextTick(callback, null, fitting);
          else process.nextTick(callback, null, first.address, first.family);
        })
        .catch((error: unknown) => process.nextTick(callback, error, ''));
    };
  }

  async #addressesOf(target: Target): Promise<readonly ResolvedAddress[]> {
    const family = isIP(target.host);
    if (family === 0 && LOCAL_NAME.test(target.host) && !namesHost(this.#allow, target)) {
      throw refusal('The name of the host belongs to a local network.');
    }
    const addresses = family === 0 ? await this.#resolve(target.host) : [{ address: target.host, family }];
    if (addresses.length === 0) throw new Error('the host has no address');
    for (const { address } of addresses) this.demandAddress(target, address);
    return addresses;
  }
}
