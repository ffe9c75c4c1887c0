type Method = (this: unknown, ...args: never[]) => unknown;
const METERED = Symbol.for('metered');
type Metered = Method & { [METERED]?: Method };

/**
 * Replaces a method: `replacement` gets the original, bound, and returns what callers call. All files of a project share the prototypes: the
 * meter of an earlier file is replaced.
 */
export function replace(
  prototype: object,
  name: string,
  replacement: (original: (...args: never[]) => unknown, self: unknown) => (...args: never[]) => unknown,
): void {
  const method = Reflect.get(prototype, name) as Metered;
  const original = method[METERED] ?? method;
  const metered: Metered = function (...args) {
    return replacement((...own) => Reflect.apply(original, this, own), this)(...args);
  };
  metered[METERED] = original;
  Reflect.set(prototype, name, metered);
}

/** Calls `note` with the arguments of each call of a method, before it happens. */
export function meter(prototype: object, name: string, note: (self: unknown, ...args: never[]) => void): void {
  replace(prototype, name, (original, self) => (...args) => {
    note(self, ...args);
    return original(...args);
  });
}
