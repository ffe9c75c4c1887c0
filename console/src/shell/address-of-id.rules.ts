/** Addresses of the kinds of ids, below /console. */
const ADDRESSES: Record<string, string> = {
  ep: '/endpoints/',
  hdl: '/handlers/',
  key: '/keys/',
  run: '/runs/',
  usr: '/people/',
  tbl: '/tables/',
};

/** Returns the address of what an id names, by its prefix; null for anything else. */
export function addressOfId(text: string): string | null {
  if (/^[0-9a-f]{24}$/.test(text)) return `/graphs/${text}`;
  const prefix = /^([a-z]{2,3})_[0-9A-Za-z]{20}$/.exec(text)?.[1];
  const address = prefix === undefined ? undefined : ADDRESSES[prefix];
  return address === undefined ? null : `${address}${text}`;
}

/** Returns the address of an object of the audit trail or of a list of uses; null where it has no screen. Roles, secrets and providers have names, no ids. */
export function addressOfObject(noun: string, id: string): string | null {
  if (noun === 'secret') return `/secrets/${encodeURIComponent(id)}`;
  if (noun === 'role') return `/roles/${encodeURIComponent(id)}`;
  if (noun === 'provider') return `/providers/${encodeURIComponent(id)}`;
  return noun === 'session' ? null : addressOfId(id);
}
