import main from './pyodide.asm.wasm';
import helpers from './helpers.mjs';
import packages from './packages.mjs';
import stdlib from './python_stdlib.zip';

/** Maximum of Python's linear memory, in bytes, as in core/code/package-set.ts; the isolate has 128 MB for everything. */
export const MEMORY_LIMIT = packages?.memoryLimit ?? 64 << 20;

type Undo = () => void;

function overlay(target: object, name: string, value: unknown): Undo {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Looks a small module up by its content: workerd compiles no WebAssembly at run time. */
function precompiled(source: BufferSource): WebAssembly.Module {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  const module = helpers[hex(bytes)];
  if (module === undefined) throw new WebAssembly.CompileError('WebAssembly cannot be compiled here');
  return module;
}

/** Replaces `new WebAssembly.Module` with the lookup. It stays: Pyodide asks for function modules later, too. */
function installModuleLookup(): void {
  const Real = WebAssembly.Module;
  const Module = function (source: BufferSource): WebAssembly.Module {
    return precompiled(source);
  };
  Object.setPrototypeOf(Module, Real);
  Object.defineProperty(Module, Symbol.hasInstance, { value: (value: unknown) => value instanceof Real });
  overlay(WebAssembly, 'Module', Module);
}

let running: WebAssembly.Memory | undefined;

/** Returns the linear memory of the interpreter that was started last. */
export const memory = (): ArrayBuffer => running!.buffer as ArrayBuffer;

type GrowHeap = (size: number) => number;

let growTo: ((bytes: number) => unknown) | undefined;

/** Takes the interpreter's function that grows its memory to an exact size. */
export const growWith = (grow: (bytes: number) => unknown): void => {
  growTo = grow;
};

/** Starts the interpreter's own module, with a cap on memory: a MemoryError in Python instead of an isolate that is killed. */
function instantiateMain(imports: { env: Record<string, GrowHeap> }): object {
  const grow = imports.env['emscripten_resize_heap']!;
  imports.env['emscripten_resize_heap'] = (size) => {
    const needed = size >>> 0;
    // Emscripten grows by at least a fifth of the current size: near the limit, only to the limit.
    if (Math.max(needed, own.buffer.byteLength * 1.2) <= MEMORY_LIMIT) return grow(size);
    if (needed <= MEMORY_LIMIT) growTo?.(MEMORY_LIMIT);
    return needed <= own.buffer.byteLength ? 1 : 0;
  };
  const instance = new WebAssembly.Instance(main, imports);
  const own = instance.exports['memory'] as WebAssembly.Memory;
  running = own;
  return { module: main, instance };
}

let ended = false;

/** Returns objects that JavaScript no longer needs to the interpreter that made them, but not to one that has ended. */
class Registry<T> extends FinalizationRegistry<T> {
  constructor(release: (held: T) => void) {
    super((held) => {
      if (!ended) release(held);
    });
  }
}

/** Marks the isolate's interpreter as ended for good: it must not be called any more. */
export const markEnded = (): void => {
  ended = true;
};

let lent = false;

/**
 * Makes the isolate look to Pyodide like a browser that serves its files: no network, no compiling, no patched source. Returns a function
 * that undoes it.
 */
export function installPyodideShims(): Undo {
  if (!lent) installModuleLookup();
  lent = true;
  const undo = [
    overlay(globalThis, 'process', undefined),
    overlay(globalThis, 'FinalizationRegistry', Registry),
    overlay(globalThis, 'location', 'file:///pyodide/'),
    overlay(globalThis, 'fetch', async () => new Response(stdlib)),
    overlay(WebAssembly, 'compile', async (source: BufferSource) => precompiled(source)),
    overlay(WebAssembly, 'instantiate', async (module: WebAssembly.Module, imports?: WebAssembly.Imports) => {
      return new WebAssembly.Instance(module, imports ?? {});
    }),
    overlay(WebAssembly, 'instantiateStreaming', async (_: unknown, imports: Parameters<typeof instantiateMain>[0]) => {
      return instantiateMain(imports);
    }),
  ];
  return () => undo.reverse().forEach((each) => each());
}
