/**
 * Imported first by every harness. Takes three things away that lead around the fence, or seem to: a function that hands out every module
 * of the platform, also `cloudflare:workers`, where `import` is checked when code is saved; a cache that isolates of other endpoints may
 * share; and a way to send that says yes though nothing leaves.
 */
delete globalThis.process.getBuiltinModule;
delete globalThis.caches;
delete Object.getPrototypeOf(globalThis.navigator).sendBeacon;
