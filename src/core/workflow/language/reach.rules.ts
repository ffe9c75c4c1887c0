/** Names that an expression starts from. Nothing else of the isolate is available, except the globals below. */
export const ROOTS = [
  'params',
  'body',
  'query',
  'headers',
  'request',
  'auth',
  'steps',
  'vars',
  'loop',
  'error',
  'mw',
] as const;
export type Root = (typeof ROOTS)[number];

/** Globals that may be called or passed on as they are. */
export const FUNCTIONS = new Set([
  'Number', 'String', 'Boolean', 'parseInt', 'parseFloat', 'isNaN', 'isFinite',
  'encodeURIComponent', 'decodeURIComponent', 'encodeURI', 'decodeURI',
]); // oxfmt-ignore
export const CONSTANTS = new Set(['undefined', 'NaN', 'Infinity']);
/** Globals of which only these members are available. */
export const MEMBERS: Record<string, readonly string[] | 'all'> = {
  Math: 'all',
  JSON: ['parse', 'stringify'],
  Object: ['keys', 'values', 'entries', 'fromEntries', 'hasOwn'],
  Array: ['isArray', 'from', 'of'],
  Date: ['now', 'parse', 'UTC'],
  Number: [
    'isInteger',
    'isSafeInteger',
    'isFinite',
    'isNaN',
    'parseFloat',
    'parseInt',
    'MAX_SAFE_INTEGER',
    'MIN_SAFE_INTEGER',
    'EPSILON',
  ],
  String: ['fromCharCode', 'fromCodePoint'],
};

/** Members that lead from a value to its class, and from there to anything. The run-time check of computed members has the same list. */
export const FORBIDDEN_MEMBERS: ReadonlySet<string> = new Set([
  'constructor',
  'prototype',
  '__proto__',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);

export const isRoot = (name: string): name is Root => (ROOTS as readonly string[]).includes(name);
