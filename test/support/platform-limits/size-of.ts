/**
 * Returns about how many bytes a value has when it is sent: of a text one byte for each character, or two where one is beyond Latin-1, as V8
 * stores it. Streams, stubs and functions are sent as references.
 */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return isNarrow(value) ? value.length : 2 * value.length;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + sizeOf(each), 8);
  if (isPlain(value)) return Object.entries(value).reduce((sum, [name, each]) => sum + name.length + sizeOf(each), 8);
  return 8;
}

// A character beyond Latin-1.
const isNarrow = (text: string): boolean => !/[^\0-\u00ff]/.test(text);

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
