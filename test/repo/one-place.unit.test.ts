import { expect, test } from 'vitest';

const sources = import.meta.glob<string>(['../../src/**/*.ts', '!../../src/runtime/harness/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Code that belongs in one file, so that a rule has one implementation; what runs inside an isolate is bundled apart. */
const HOMES: [what: string, pattern: RegExp, files: string[]][] = [
  ['JSON Pointers', /'~[01]'/, ['kernel/json-pointer.ts']],
  ['base64 and hex', /\b(atob|btoa)\(|toString\('(base64(url)?|hex)'\)/, ['kernel/encoding.ts', 'kernel/signed.ts']],
  // Any charset, with an error for the caller.
  ['UTF-8 that must be valid', /new TextDecoder\([^)]*fatal: true/, ['kernel/encoding.ts', 'kernel/decode-text.ts']],
  // The hash of a key has no purpose in it: it was stored before there were any.
  ['HMAC', /\bcreateHmac\(/, ['kernel/signed.ts', 'core/identity/keys/key-value.rules.ts']],
  ['SHA-256', /\bcreateHash\(/, ['kernel/signed.ts']],
  ['comparisons in constant time', /\btimingSafeEqual\(/, ['kernel/signed.ts', 'core/identity/users/password.ts']],
  ['commits', /\bcommit\(/, ['core/change/change.ts']],
  ['audit rows', /\bauditRow\(|\baudit\.add\(/, ['core/audit/audit-row.ts', 'core/change/change.ts']],
  [
    "invalidations of the isolate's cache",
    /\bctx\.cache\.invalidate\(/,
    ['core/change/change.ts', 'core/backup/finish-restore.ts'],
  ],
  ['answers kept for a repeat', /\bidempotency\.insert\(/, ['core/change/change.ts']],
  // The others are permissions that depend on the input or on a setting.
  [
    'permission checks',
    /\bauthorize\(/,
    [
      'core/access/permissions.ts',
      'core/access/verb.ts',
      'core/gateway/test/open-test.ts',
      'core/change/each.ts',
      'core/publishing/endpoints/check-endpoint.ts',
      'core/publishing/endpoints/to-order.ts',
      'core/publishing/endpoints/update-endpoint.ts',
      'http/wire/wire.ts',
      'plynx/files/read-file.ts',
    ],
  ],
  ['labels of actors', /kind === 'user' \? \S*actor\.id : \S*actor\.kind\b(?! ===)/, ['core/access/permissions.ts']],
  ['times of the API', /new Date\(.+\)\.toISOString\(/, ['kernel/clock.ts']],
  [
    'lists of headers that are not passed on',
    /\[\s*(?:'[^']*',\s*)*'(authorization|cookie|set-cookie|x-forwarded-for|transfer-encoding)'/,
    ['kernel/http-headers.ts'],
  ],
  ['tests for an object', /=== 'object' && \w+ !== null && !Array\.isArray/, ['kernel/json.rules.ts']],
];

test.each(HOMES)('%s are in one place', (_what, pattern, files) => {
  const found = Object.entries(sources)
    .filter(([, text]) => pattern.test(text))
    .map(([path]) => path.replace('../../src/', ''));
  expect(found.toSorted()).toEqual(files.toSorted());
});
