/** Returns a segment of a JSON Pointer (RFC 6901) with the slash before it. */
export const pointerSegment = (name: string | number): string =>
  `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/**
 * Returns the path of a pointer into `json`, numbers for items of lists and text for fields, and the value at its end: undefined when
 * absent.
 */
export function followPointer(json: unknown, pointer: string): { path: (string | number)[]; value: unknown } {
  let value = json;
  const path = pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = Array.isArray(value) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~');
      value =
        typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[name] : undefined;
      return name;
    });
  return { path, value };
}
