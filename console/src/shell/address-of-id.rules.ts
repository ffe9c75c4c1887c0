/** Addresses of the kinds of ids, below /console. */
const ADDRESSES: Record<string, string> = { ep: '/endpoints/', key: '/keys/', run: '/runs/' };

/** Returns the address of what an id names, by its prefix; null for anything else. */
export function addressOfId(text: string): string | null {
  const prefix = /^([a-z]{2,3})_[0-9A-Za-z]{20}$/.exec(text)?.[1];
  const address = prefix === undefined ? undefined : ADDRESSES[prefix];
  return address === undefined ? null : `${address}${text}`;
}
