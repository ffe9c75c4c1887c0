/** Modules beside the harness in the isolate; `src/runtime/languages/python.ts` adds them. */
declare module '*/pyodide.asm.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
declare module '*/python_stdlib.zip' {
  const bytes: ArrayBuffer;
  export default bytes;
}
declare module '*/zones.bin' {
  const bytes: ArrayBuffer;
  export default bytes;
}
/** Module bytes as hex text -> the module, compiled by the loader. */
declare module '*/helpers.mjs' {
  const helpers: Record<string, WebAssembly.Module>;
  export default helpers;
}
/** The harness's Python files by path, for a boot without the snapshot; otherwise the snapshot has them in memory. */
declare module '*/image.mjs' {
  const image: { library?: Record<string, string> };
  export default image;
}
/**
 * The packages of the isolate's set; null without a set. `linked` is null without a snapshot; `names` are the modules that scripts import;
 * `memoryLimit` is in bytes.
 */
declare module '*/packages.mjs' {
  const packages: {
    linked: { order: string[]; handles: Record<string, number[]>; table: number; memory: number } | null;
    names: string[];
    /** Compiled side modules by path. */
    modules: Record<string, WebAssembly.Module>;
    memoryLimit: number;
  } | null;
  export default packages;
}
/** The user's script, its name in tracebacks, the other sources of its folder as JSON or an empty text, whether the isolate serves one call. */
declare module '*/handler.json' {
  const handler: { file: string; source: string; modules: string; once: boolean };
  export default handler;
}
declare module '*/pyodide.asm.mjs' {
  const create: (settings: object) => Promise<unknown>;
  export default create;
}
declare module '*/pyodide.mjs' {
  export const loadPyodide: (options: object) => Promise<unknown>;
}
declare module 'pyodide/pyodide-lock.json' {
  export const info: object;
}
