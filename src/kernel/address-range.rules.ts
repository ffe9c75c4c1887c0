import { groupsOf } from './network.rules';

/** An address or a range of addresses: the first `bits` of eight groups of 16 bits. */
interface AddressRange {
  groups: number[];
  bits: number;
}

/** Parses `192.0.2.1`, `192.0.2.0/24`, `2001:db8::1` or `2001:db8::/32`; null for anything else. */
export function parseAddressRange(text: string): AddressRange | null {
  const [address = '', length, ...more] = text.split('/');
  const isIpv4 = !address.includes(':');
  const groups = toGroups(address);
  const size = isIpv4 ? 32 : 128;
  const bits = length === undefined ? size : /^(0|[1-9][0-9]{0,2})$/.test(length) ? Number(length) : Infinity;
  return groups === null || more.length > 0 || bits > size ? null : { groups, bits: isIpv4 ? bits + 96 : bits };
}

/** Compiles a list of ranges to a check of an address; null for an empty list, which admits every address. */
export function compileRanges(list: readonly string[]): ((address: string) => boolean) | null {
  if (list.length === 0) return null;
  const ranges = list.flatMap((text) => parseAddressRange(text) ?? []);
  return (address) => {
    const groups = toGroups(address);
    return groups !== null && ranges.some((range) => contains(range, groups));
  };
}

/** IPv4 addresses are compared in their IPv6 form, in which they may also arrive. */
function toGroups(address: string): number[] | null {
  if (address.includes(':')) return groupsOf(address);
  return address.split('.').length === 4 ? groupsOf(`::ffff:${address}`) : null;
}

const contains = ({ groups, bits }: AddressRange, address: readonly number[]): boolean =>
  groups.every((group, index) => {
    const shared = Math.min(16, Math.max(0, bits - index * 16));
    const mask = 0xffff & ~(0xffff >> shared);
    return (group & mask) === (address[index]! & mask);
  });
