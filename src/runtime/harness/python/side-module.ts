/** Compiled extensions of Python packages: WebAssembly that Emscripten links at run time. */

interface Section {
  id: number;
  /** Of custom sections. */
  name?: string;
  /** The whole section, with its head. */
  bytes: Uint8Array;
}

function readLeb(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined || shift > 28) throw new RangeError('a number in it has no end');
    value |= (byte & 127) << shift;
    if (byte < 128) return [value >>> 0, at];
  }
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

function sections(bytes: Uint8Array): Section[] {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) throw new TypeError('it is not WebAssembly');
  const found: Section[] = [];
  for (let at = MAGIC.length; at < bytes.length;) {
    const id = bytes[at]!;
    const [size, body] = readLeb(bytes, at + 1);
    const [length, text] = id === 0 ? readLeb(bytes, body) : [0, body];
    const name = id === 0 ? { name: new TextDecoder().decode(bytes.subarray(text, text + length)) } : {};
    found.push({ id, ...name, bytes: bytes.subarray(at, body + size) });
    at = body + size;
  }
  return found;
}

/** Removes the names of functions and other debugging aids. Throws for bytes that are not a side module. */
export function stripSideModule(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const kept = sections(bytes).filter(({ id, name }) => id !== 0 || name === 'dylink.0');
  if (kept[0]?.name !== 'dylink.0') throw new TypeError('it is not a side module of Emscripten');
  const made = new Uint8Array(MAGIC.length + kept.reduce((sum, section) => sum + section.bytes.length, 0));
  made.set(MAGIC);
  let at = MAGIC.length;
  for (const section of kept) {
    made.set(section.bytes, at);
    at += section.bytes.length;
  }
  return made;
}

/** Builds the stub of a side module: its section for the linker, and the name under which the compiled module is found. */
export function stubOf(stripped: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  const [dylink] = sections(stripped);
  const [label, text] = [new TextEncoder().encode('portico'), new TextEncoder().encode(name)];
  const body = [...leb(label.length), ...label, ...text];
  return Uint8Array.from([...MAGIC, ...dylink!.bytes, 0, ...leb(body.length), ...body]);
}

/** Returns why a side module cannot run in an isolate, or null. */
export function refusalOf(stripped: Uint8Array): string | null {
  const script = exportsOf(stripped).some((name) => name.startsWith('__em_js__') || name === '__start_em_asm');
  return script ? 'it contains JavaScript (EM_JS or EM_ASM), which an isolate does not compile' : null;
}

const EXPORTS = 7;

/** Reads the names of a module's exports from its bytes: an isolate cannot compile it to ask. */
function exportsOf(bytes: Uint8Array): string[] {
  const found = sections(bytes).find(({ id }) => id === EXPORTS);
  if (found === undefined) return [];
  const [, body] = readLeb(found.bytes, 1);
  let [count, at] = readLeb(found.bytes, body);
  const names: string[] = [];
  for (; count > 0; count--) {
    const [length, text] = readLeb(found.bytes, at);
    names.push(new TextDecoder().decode(found.bytes.subarray(text, text + length)));
    // Its kind is one byte, its index a number.
    [, at] = readLeb(found.bytes, text + length + 1);
  }
  return names;
}
