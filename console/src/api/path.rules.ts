/** A value in a path or a query. */
export type Text = string | number | boolean | undefined;

/** Returns a path with its `:parameters` replaced. Throws for one that is missing. */
export const fillPath = (path: string, params: Record<string, Text>): string =>
  path.replace(/:(\w+)/g, (_, name: string) => {
    if (params[name] === undefined) throw new Error(`${path} needs ${name}`);
    return encodeURIComponent(String(params[name]));
  });

/** Returns the query with its question mark; empty without a value. */
export function toQuery(values: Record<string, Text>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}
