/** Ids of graphs and nodes: 12 bytes as 24 lower-case hex digits, of which the first 8 are the seconds of the epoch. */

const FORM = /^[0-9a-f]{24}$/i;

/** Returns the id in lower case, or undefined when the text is not an id. */
export const readObjectId = (value: unknown): string | undefined =>
  typeof value === 'string' && FORM.test(value) ? value.toLowerCase() : undefined;

/** Creates an id: seconds, then 64 random bits. Sorts by time to the second. */
export function newObjectId(now = Date.now(), random = crypto.getRandomValues(new Uint8Array(8))): string {
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  return seconds + Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
