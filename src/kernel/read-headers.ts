/** Headers by name: those of the platform, or a copy of them. `get` and `has` take names in lower case only. */
export interface HeaderReader extends Iterable<[name: string, value: string]> {
  get: (name: string) => string | null;
  has: (name: string) => boolean;
  forEach: (callback: (value: string, name: string) => void) => void;
}

class CopiedHeaders implements HeaderReader {
  readonly #values = new Map<string, string>();

  constructor(headers: Headers) {
    headers.forEach((value, name) => void this.#values.set(name, value));
  }
  get(name: string): string | null {
    return this.#values.get(name) ?? null;
  }
  has(name: string): boolean {
    return this.#values.has(name);
  }
  forEach(callback: (value: string, name: string) => void): void {
    this.#values.forEach(callback);
  }
  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#values.entries();
  }
}

/**
 * Copies headers in one pass. A call asks for eight of them, and each question to the platform's object costs as much as the pass; a run
 * record that waits for its batch keeps the copy, not the request.
 */
export const readHeaders = (headers: Headers): HeaderReader => new CopiedHeaders(headers);
