/** A secret on its way to the step that uses it; records see its name, not its value. */
export class Secret {
  readonly name: string;
  readonly #value: string;
  constructor(name: string, value: string) {
    this.name = name;
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return `[secret ${this.name}]`;
  }
  toJSON(): string {
    return this.toString();
  }
}

/** Shorter values occur in ordinary text by chance: scrubbing them would make a record unreadable. */
const MIN_SCRUBBED = 4;

/** Returns a function that replaces the values of secrets in a text with their names. Longer values first: one may contain another. */
export function createScrubber(env: Record<string, unknown>): (text: string) => string {
  const secrets = Object.entries(env).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length >= MIN_SCRUBBED,
  );
  if (secrets.length === 0) return (text) => text;
  const ordered = secrets.toSorted((a, b) => b[1].length - a[1].length);
  return (text) => ordered.reduce((result, [name, value]) => result.replaceAll(value, `[secret ${name}]`), text);
}

/** Returns a copy with the values of secrets, and whether it has any. Without any, it returns the same value. */
export function reveal<T>(value: T): { value: T; secret: boolean } {
  let secret = false;
  const copy = (part: unknown): unknown => {
    if (part instanceof Secret) {
      secret = true;
      return part.reveal();
    }
    if (Array.isArray(part)) return part.map(copy);
    if (typeof part !== 'object' || part === null || Object.getPrototypeOf(part) !== Object.prototype) return part;
    return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, copy(item)]));
  };
  const revealed = copy(value) as T;
  return secret ? { value: revealed, secret } : { value, secret };
}
