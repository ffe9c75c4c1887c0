/** Limit of all /64 networks of one /48 together, as a multiple of the limit of one network. */
const NETWORKS_OF_A_SITE = 10;

/**
 * Returns the network that limits count for an address: an IPv4 address, or the /64 of an IPv6 address, because its holder has all of
 * those. An IPv4-mapped IPv6 address is its IPv4 address. Text that is not an address counts as itself.
 */
export function networkOf(address: string): string {
  const groups = groupsOf(address);
  if (groups === null) return address.toLowerCase();
  return ipv4Of(groups) ?? `${prefixOf(groups, 4)}::/64`;
}

/**
 * Returns the network of an address with its share of a limit, and for IPv6 the /48 around it with ten shares: the holder of a /48 has 65,536
 * networks to guess from.
 */
export function networksOf(address: string): { network: string; shares: number }[] {
  const network = { network: networkOf(address), shares: 1 };
  const groups = groupsOf(address);
  if (groups === null || ipv4Of(groups) !== null) return [network];
  return [network, { network: `${prefixOf(groups, 3)}::/48`, shares: NETWORKS_OF_A_SITE }];
}

const prefixOf = (groups: number[], length: number): string =>
  groups
    .slice(0, length)
    .map((group) => group.toString(16))
    .join(':');

/** `::ffff:192.0.2.1`, in whichever spelling, is `192.0.2.1`. */
function ipv4Of(groups: number[]): string | null {
  if (groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== 0xffff) return null;
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

/** The eight groups of an IPv6 address without its zone, or null. */
export function groupsOf(address: string): number[] | null {
  if (!address.includes(':')) return null;
  const [head = '', tail, ...more] = address.split('%', 1)[0]!.split('::');
  if (more.length > 0) return null;
  const [before, after] = [readGroups(head), readGroups(tail ?? '')];
  if (before === null || after === null) return null;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

/** Returns the groups between colons; an IPv4 address at the end is two groups. */
function readGroups(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const ipv4 = index === parts.length - 1 ? /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(part) : null;
    if (ipv4) {
      const [a, b, c, d] = ipv4.slice(1).map(Number) as [number, number, number, number];
      if ([a, b, c, d].some((byte) => byte > 255)) return null;
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}
