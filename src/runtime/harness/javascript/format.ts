import { inspect } from './inspect';
import { stringify } from './json';

/**
 * Formats one line of a console, at most `limit` characters: the values side by side, after those that the first one includes with `%s`,
 * `%d`, `%i`, `%f`, `%j`, `%o`, `%O` or `%c`.
 */
export function format(values: readonly unknown[], limit: number): string {
  const [first, ...rest] = values;
  let text = '';
  let used = 0;
  if (typeof first === 'string' && rest.length > 0 && first.includes('%')) {
    let left = limit;
    text = first.slice(0, limit).replace(/%[sdifjoOc%]/g, (directive) => {
      if (directive === '%%') return '%';
      const shown = used < rest.length ? directed(directive, rest[used++], left) : directive;
      left = Math.max(0, left - shown.length);
      return shown;
    });
  } else if (values.length > 0) text = plain(first, limit);
  for (const value of rest.slice(used)) {
    if (text.length >= limit) break;
    text += ` ${plain(value, limit - text.length)}`;
  }
  return text.slice(0, limit);
}

/** Returns a string unchanged, and anything else as `inspect` shows it. */
const plain = (value: unknown, limit: number): string =>
  typeof value === 'string' ? value.slice(0, limit) : inspect(value, limit);

function directed(directive: string, value: unknown, limit: number): string {
  switch (directive) {
    case '%s':
      return plain(value, limit);
    case '%d':
      return typeof value === 'bigint' ? `${value}n` : String(toNumber(value, Number));
    case '%i':
      return typeof value === 'bigint' ? `${value}n` : String(toNumber(value, Number.parseInt));
    case '%f':
      return String(toNumber(value, Number.parseFloat));
    case '%j':
      return toJson(value).slice(0, limit);
    case '%c':
      return '';
    default:
      return inspect(value, limit);
  }
}

const toNumber = (value: unknown, read: (text: string) => number): number =>
  typeof value === 'symbol' || typeof value === 'object' ? NaN : read(String(value));

function toJson(value: unknown): string {
  try {
    return String(stringify(value));
  } catch {
    return '[Circular]';
  }
}
