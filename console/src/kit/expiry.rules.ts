const DAY_MS = 24 * 60 * 60 * 1000;

/** When a key or a token expires, as a user chooses it. */
export const EXPIRIES = [
  { value: 'never', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
] as const;
export type Expiry = (typeof EXPIRIES)[number]['value'];

/** Returns the point in time as the API takes it; null for never. `now` is in Unix milliseconds. */
export const expiryOf = (expiry: Expiry, now: number): string | null =>
  expiry === 'never' ? null : new Date(now + Number(expiry) * DAY_MS).toISOString();
