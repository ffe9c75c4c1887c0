/**
 * Pyodide compiles small WebAssembly modules at run time, which workerd refuses. So all of them are built here, and found by their content
 * (see `src/runtime/harness/python/overlay.ts`).
 */

/** Emscripten's letters for a value's type -> the WebAssembly binary code. `p` (pointer) is an i32. */
const TYPE_CODES: Record<string, number> = { i: 0x7f, p: 0x7f, j: 0x7e, f: 0x7d, d: 0x7c, e: 0x6f };

/** Encodes a length-prefixed list of types, with the two-byte length that Emscripten always writes. */
function typeList(letters: string): number[] {
  const codes = Array.from(letters, (letter) => {
    const code = TYPE_CODES[letter];
    if (code === undefined) throw new Error(`unknown type letter "${letter}" in an Emscripten signature`);
    return code;
  });
  return [(codes.length % 128) | 128, codes.length >> 7, ...codes];
}

/**
 * Builds the module that converts a JavaScript function to a WebAssembly one: it imports `e.f` and exports it as `f`. Byte for byte the
 * module of Emscripten's `convertJsFunctionToWasm` for the signature (return type first).
 */
export function functionModule(signature: string): Uint8Array {
  const result = signature[0] === 'v' ? '' : signature.slice(0, 1);
  const type = [1, 0x60, ...typeList(signature.slice(1)), ...typeList(result)];
  const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const types = [1, (type.length % 128) | 128, type.length >> 7, ...type];
  const imports = [2, 7, 1, 1, 0x65, 1, 0x66, 0, 0];
  const exports = [7, 5, 1, 1, 0x66, 0, 0];
  return Uint8Array.from([magic, types, imports, exports].flat());
}

/** Returns every `something.sig = "…"` of Emscripten's output: the only signatures it asks a function module for. */
export function signatures(asm: string): string[] {
  return [...new Set(Array.from(asm.matchAll(/\.sig="([vijfdep]+)"/g), (match) => match[1] ?? ''))].sort();
}

/** Returns the modules embedded in the two scripts: the trampoline (hex), the error marker (base64), the empty module. */
function constantModules(asm: string, loader: string): Uint8Array[] {
  const hex = Array.from(asm.matchAll(/"(0061736d01000000[0-9a-f]+)"/g), (match) => Buffer.from(match[1] ?? '', 'hex'));
  const base64 = Array.from(loader.matchAll(/"(AGFzbQ[A-Za-z0-9+/=]+)"/g), (match) =>
    Buffer.from(match[1] ?? '', 'base64'),
  );
  return [...hex, ...base64, Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)];
}

/**
 * Builds all modules that Pyodide can ask for at run time, as hex text, without repeats and in a fixed order. Callbacks made with `ctypes`
 * are not included: users choose their signatures, so they are unlimited.
 */
export function helperModules(asm: string, loader: string): string[] {
  const modules = [...signatures(asm).map(functionModule), ...constantModules(asm, loader)];
  for (const bytes of modules) new WebAssembly.Module(new Uint8Array(bytes));
  return [...new Set(modules.map((bytes) => Buffer.from(bytes).toString('hex')))].sort();
}
