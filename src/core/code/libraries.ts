/**
 * Libraries that user code may import, in the versions that Portico is built with. scripts/build.ts bundles them; an isolate
 * loads only those that its code imports.
 */
export const LIBRARIES = [
  'hono',
  'hono/accepts',
  'hono/basic-auth',
  'hono/bearer-auth',
  'hono/body-limit',
  'hono/combine',
  'hono/context-storage',
  'hono/cookie',
  'hono/cors',
  'hono/csrf',
  'hono/etag',
  'hono/factory',
  'hono/html',
  'hono/http-exception',
  'hono/jwt',
  'hono/language',
  'hono/logger',
  'hono/method-override',
  'hono/pretty-json',
  'hono/request-id',
  'hono/route',
  'hono/secure-headers',
  'hono/streaming',
  'hono/timeout',
  'hono/timing',
  'hono/tiny',
  'hono/trailing-slash',
  'hono/validator',
  'zod',
  'zod/mini',
] as const;

/**
 * Modules of Node that user code may import, as `node:crypto` or `crypto`: those of the platform that compute, or that work on memory.
 * Not those that need a network, a process or a thread, which an isolate does not have, and not `module`, which loads other modules.
 */
export const NODE_MODULES = [
  'assert',
  'assert/strict',
  'async_hooks',
  'buffer',
  'crypto',
  'diagnostics_channel',
  'events',
  'fs',
  'fs/promises',
  'path',
  'path/posix',
  'path/win32',
  'perf_hooks',
  'punycode',
  'querystring',
  'stream',
  'stream/consumers',
  'stream/promises',
  'stream/web',
  'string_decoder',
  'timers',
  'timers/promises',
  'url',
  'util',
  'util/types',
  'zlib',
] as const;
