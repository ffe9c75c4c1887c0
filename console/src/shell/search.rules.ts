/*
 * The query of an address, as text: `?outcome=failed,timeout&q=3`. Not the router's default, which writes JSON: people read, write and share
 * these addresses. Every screen declares what its query may hold; what it does not know or cannot read is dropped.
 */

type Value = string | number | boolean | readonly string[] | undefined;
type Raw = Record<string, Value>;
type Reader<T> = (value: string) => T | undefined;

export const parseSearch = (text: string): Raw => Object.fromEntries(new URLSearchParams(text));

export function printSearch(values: Raw): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    const text = String(value ?? '');
    if (text !== '') query.set(name, text);
  }
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
  return text === '' ? '' : `?${text}`;
}

export const text: Reader<string> = (value) => value;

export const oneOf =
  <const T extends string>(...values: readonly T[]): Reader<T> =>
  (value) =>
    values.find((one) => one === value);

/** Several of a set, separated by commas; undefined where none is left. */
export const someOf =
  <const T extends string>(...values: readonly T[]): Reader<T[]> =>
  (value) => {
    const found = values.filter((one) => value.split(',').includes(one));
    return found.length === 0 ? undefined : found;
  };

export const whole: Reader<number> = (value) => (/^[0-9]{1,15}$/.test(value) ? Number(value) : undefined);

type Search<R extends Record<string, Reader<unknown>>> = {
  [N in keyof R]?: R[N] extends Reader<infer T> ? T | undefined : never;
};

/** Returns the reader of a route's query: `search({ folder: text, active: oneOf('true', 'false') })`. */
export const search =
  <R extends Record<string, Reader<unknown>>>(readers: R) =>
  (raw: Search<R>): Search<R> => {
    const found: Record<string, unknown> = {};
    for (const [name, read] of Object.entries(readers)) {
      // A link inside the console passes values, an address passes text.
      const value: unknown = raw[name];
      const given = Array.isArray(value) ? value.join(',') : value;
      const known = typeof given === 'string' || typeof given === 'number' ? read(String(given)) : undefined;
      if (known !== undefined && known !== '') found[name] = known;
    }
    return found as Search<R>;
  };
