/**
 * Imported first by every harness: `import`, which is checked when code is saved, is the only way to a module of the platform. The
 * function that this takes away would hand out all of them, also `cloudflare:workers`.
 */
delete globalThis.process.getBuiltinModule;
