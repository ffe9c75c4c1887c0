export const ATTEMPTS_WINDOW_SECONDS = 15 * 60;
/** At one account from one address: guessing one password. */
export const ATTEMPTS_PER_ACCOUNT = 10;
/** From one address whatever the account: guessing many. Also bounds the CPU that passwords cost. */
export const ATTEMPTS_PER_ADDRESS = 100;

/** Whom an address stands for: an IPv4 address, or the /64 that an IPv6 address is in, since its holder has all of those. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // An IPv4 part at the end (::ffff:192.0.2.1) is two groups, and then all that tells its holder from others.
  if (address.includes('.')) return address.toLowerCase();
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.slice(0, 4).join(':')}::/64`;
}
