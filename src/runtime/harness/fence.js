/**
 * Imported first by every harness. Takes two ways off the global object that lead around the fence: a function that hands out every module
 * of the platform, also `cloudflare:workers`, where `import` is checked when code is saved; and a cache that isolates of other endpoints may
 * share.
 */
delete globalThis.process.getBuiltinModule;
delete globalThis.caches;
