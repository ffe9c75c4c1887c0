import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateKey } from '../../../src/core/identity/keys/key-value.rules';
import { REDACTED } from '../../../src/core/runs/mask.rules';
import { keepText, redactBody as redactKept } from '../../../src/core/runs/redact-body';
import {
  isHiddenName,
  NOTHING_HIDDEN as NONE,
  redactQuery,
  redactText as redactIn,
  redactValue,
  type Hidden,
} from '../../../src/core/runs/redact.rules';
import { compileSecrets } from '../../../src/core/runs/secret-forms.rules';
import { isSensitiveName } from '../../../src/core/runs/sensitive-name.rules';

const redactText = (text: string, isCut = false): string => redactIn(text, NONE, isCut);
const redactBody = (text: string, type: string, hidden: Hidden): string =>
  redactKept(keepText(text), type, hidden, 1_000_000).text;
const KEY = generateKey();
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----';

describe('names', () => {
  test.each([
    'authorization', 'Authorization', 'x-api-key', 'apiKey', 'api_key', 'APIKEY', 'api key', 'token', 'userToken', 'access_token',
    'refreshToken', 'ID-TOKEN', 'secret', 'clientSecret', 'client_secret', 'password', 'newPassword', 'passwd', 'pwd', 'passphrase',
    'credential', 'credentials', 'cookie', 'Set-Cookie', 'session', 'sessionId', 'private_key', 'x-signature', 'X-Auth', 'secrets',
    'passwords', 'tokens', 'apiKeys', 'PaSsWoRd', 'pASSWORD', 'aPiKeY', 'api.key', 'spring.access.key', 'sessionid',
  ])('%s reads like a credential', (name) => expect(isSensitiveName(name)).toBe(true)); // oxfmt-ignore
  test.each([
    'author', 'authors', 'tokenize', 'secretary', 'key', 'keys', 'keyword', 'monkey', 'name', 'passage', 'obsession', 'design', '',
  ])('%s does not', (name) => expect(isSensitiveName(name)).toBe(false)); // oxfmt-ignore
});

describe('text', () => {
  test.each([
    [`a ${KEY} b`, `a ${REDACTED} b`],
    [`key=${KEY}`, `key=${REDACTED}`],
    [`x${KEY}y`, `x${REDACTED}y`],
    [`Bearer ${JWT}.`, `Bearer ${REDACTED}.`],
    [`"${PEM}"`, `"${REDACTED}"`],
    [`${PEM.slice(0, 40)}`, REDACTED],
    ['sent Authorization: Bearer 0f9a8b7c6d5e4f3a2b1c', `sent Authorization: ${REDACTED}`],
    ['{"password":"hunter2","n":1}', `{"password":"${REDACTED}","n":1}`],
    ['{"userToken": 12345, "n": 1}', `{"userToken": "${REDACTED}", "n": 1}`],
    ['a {"password":"hun\\"ter2"} b', `a {"password":"${REDACTED}"} b`],
    ['call?api_key=hunter2&n=1', `call?api_key=${REDACTED}&n=1`],
    ['password=hunter2 failed', `password=${REDACTED} failed`],
    [String.raw`{"pass\u0077ord":"hunter2"}`, String.raw`{"pass\u0077ord":"${REDACTED}"}`],
    [String.raw`{"a":"{\"pass\\u0077ord\":\"hunter2\"}"}`, String.raw`{"a":"{\"pass\\u0077ord\":\"${REDACTED}\"}"}`],
    ['at postgres://me:hunter2', 'at postgres://me:hunter2'],
    ['at http://localhost:8080…', 'at http://localhost:8080…'],
  ])('%j is kept as %j', (text, wanted) => expect(redactText(text)).toBe(wanted));

  const SECRET = 'hunter2-and-more';
  test.each([
    `{ tokens: [ 'a', '${SECRET}' ], n: 1 }`,
    `{"tokens":["a","${SECRET}"],"n":1}`,
    `{"credentials":{"user":"u","pin":"${SECRET}"},"n":1}`,
    `saved {"payload":"{\\"tokens\\":[\\"a\\",\\"${SECRET}\\"]}"} ok`,
    `{"a":"{\\"b\\":\\"{\\\\\\"pwd\\\\\\":[\\\\\\"${SECRET}\\\\\\"]}\\"}"}`,
    `{'password': '${SECRET}', 'n': 1}`,
    `{"password":"a\\\\","x":1} {"password":"${SECRET}"}`,
    `Map(1) { 'token' => '${SECRET}' }`,
    `{ credentials: Map(1) { 'a' => Set(1) { '${SECRET}' } } }`,
    `{ credentials: Login { user: 'u', key: "${SECRET}" } }`,
    `Foo(tokens=['a', '${SECRET}'])`,
    `password: ${SECRET}`,
    `password: two words ${SECRET}`,
    `  - password: ${SECRET}`,
    `x-api-key: ${SECRET}`,
    `> Authorization: Digest username="u", response="${SECRET}"`,
    `set-cookie: sid=${SECRET}; Path=/`,
    `cookie: a=b; c="${SECRET}"`,
    `sent cookie: a=b; c=${SECRET}`,
    `api_key="${SECRET}"`,
    `api_key='${SECRET}'`,
    `api key: ${SECRET}`,
    `PGPASSWORD=${SECRET} psql`,
    `DB_PASS=${SECRET}`,
    `password = two words ${SECRET}`,
    `mysql --password=${SECRET} -u root`,
    `tool --token ${SECRET} go`,
    `https://u:${SECRET}@h/`,
    `redis://:${SECRET}@h:6379`,
    `redis://@:${SECRET}@h:6379`,
    `https://${'u'.repeat(200)}:${'x'.repeat(400)}${SECRET}@h/`,
    `https://${SECRET}-${SECRET}@github.com/a/b`,
    `{"pass":"${SECRET}"}`,
    `otp=${SECRET}`,
    `credentials:\n  user: u\n  pin: ${SECRET}`,
    `passwords:\n- a\n- ${SECRET}`,
    `private_key: |\n  one\n  ${SECRET}`,
    `<Password>${SECRET}</Password>`,
    `<s:credentials a="1"><user>u</user><pin>${SECRET}</pin></s:credentials>`,
    `<a password="${SECRET}"/>`,
    `?filter[token]=${SECRET}`,
    `tokens[]=${SECRET}`,
    `[["token","${SECRET}"]]`,
    `[ [ 'a', 'b' ], [ 'x-api-key', '${SECRET}' ] ]`,
    `dict_items([('a', 1), ('password', '${SECRET}')])`,
    `Headers([('token', ['a', '${SECRET}'])])`,
    `{"p":"[[\\"token\\",\\"${SECRET}\\"]]"}`,
    `saved {"name":"DB_PASSWORD","value":"${SECRET}"} ok`,
    `{ key: 'token', value: { a: [ '${SECRET}' ] } }`,
    `{'name': 'token', 'value': '${SECRET}'}`,
    `{\\"Key\\":\\"token\\",\\"Value\\":\\"${SECRET}\\"}`,
    `[["token","${SECRET}`,
    `{"name":"token","value":"${SECRET}`,
    `{"password":"${SECRET}`,
    `{"tokens":["a",["${SECRET}"`,
  ])('%j loses the value that its name marks as a credential', (text) => {
    expect(redactText(text)).not.toContain('hunter2');
    expect(redactText(`before\n${text}\nafter`)).not.toContain('hunter2');
    expect(redactText(`before\n${text}\nafter`)).toContain('before');
  });

  test.each([
    [`{"token":["a","b"],"n":1}`, `{"token":"${REDACTED}","n":1}`],
    [`{ tokens: [ 'a', 'b' ], n: 1 }`, `{ tokens: ${REDACTED}, n: 1 }`],
    [`[["token","a"],["n",1]]`, `[["token","${REDACTED}"],["n",1]]`],
    [`[('token', 5), ('n', 1)]`, `[('token', '${REDACTED}'), ('n', 1)]`],
    [`required: ["password","name"]`, `required: ["password","name"]`],
    [`[["password","name","email"]]`, `[["password","name","email"]]`],
    [`{"name":"token","value":1,"n":2}`, `{"name":"token","value":"${REDACTED}","n":2}`],
    [`{"name":"token","type":"text"}`, `{"name":"token","type":"text"}`],
    [`password: a\nname: b`, `password: ${REDACTED}\nname: b`],
    [`credentials:\n  pin: 1\nname: b`, `credentials:${REDACTED}\nname: b`],
    [`no token: a, but b`, `no token: ${REDACTED}, but b`],
    [
      `Error: bad password: x\n    at f (handler.js:1:2)`,
      `Error: bad password: ${REDACTED}\n    at f (handler.js:1:2)`,
    ],
    [`password: x\n    at f (handler.js:1:2)`, `password: ${REDACTED}\n    at f (handler.js:1:2)`],
    [`api_key="a" n=1`, `api_key=${REDACTED} n=1`],
    [`https://u:p@h/?n=1`, `https://u:${REDACTED}@h/?n=1`],
    [`<token>a</token><n>1</n>`, `<token>${REDACTED}</token><n>1</n>`],
  ])('%j is kept as %j', (text, wanted) => expect(redactText(text)).toBe(wanted));

  test.each([
    ['a key', `x ${KEY.slice(0, 30)}`, 'x '],
    ['a JWT', `x ${JWT.slice(0, 40)}`, 'x '],
    ['a value of a scheme', 'Bearer 0f9a8b', 'Bearer '],
    ['a password of a URL', 'at postgres://me:hunter2', 'at postgres://me:'],
    ['a password of a URL whose user has an @', 'at redis://@:hunter2', 'at redis://@:'],
  ])('%s that was cut in two is redacted', (_name, text, kept) => {
    expect(redactText(text, true)).toBe(`${kept}${REDACTED}`);
    expect(redactText(`${text}…`)).toBe(`${kept}${REDACTED}…`);
    expect(redactText(`${text}…`, true)).toBe(`${kept}${REDACTED}…`);
  });

  test.each([
    '',
    'The secret of a good password is its length; tokens are counted, keys are not.',
    'Basic understanding of authorization',
    'https://example.com/authors?sort=name&key=1',
    '{"author":"A","keys":["a","b"]}',
    'ptk_ is the prefix of keys',
    'eyJust a word.',
    'a=b',
    'it passes: 3 of 4, shipping: fast',
    'const a = b ? c : d; // see https://example.com/a@b',
    'mailto:ada@example.com, ssh://git@example.com/a.git',
    'tokenize: yes',
    'the pin was shipped',
  ])('%j is ordinary', (text) => expect(redactText(text)).toBe(text));

  test('text without a suspicious word is the very same text', () => {
    const words = fc.stringMatching(/^[a-d0-9 .,:;(){}[\]"'=&?/-]*$/);
    fc.assert(
      fc.property(words, (text) => {
        expect(redactText(text)).toBe(text);
      }),
    );
  });

  // In the square of its length it would take minutes.
  test('hostile text is read in linear time', { timeout: 60_000 }, () => {
    for (const part of [
      '"',
      '"a":',
      'eyJ',
      'eyJ.',
      'eyJaaaaa.',
      '\\',
      '"password":"',
      '\\"token\\":',
      'ptk_',
      '-----BEGIN ',
      '\\"',
      'password',
      'token=',
      'Bearer ',
      'token:',
      'token: [',
      'token: {"',
      "token: '",
      'token: \\"',
      'token:\n  ',
      'token: a, ',
      'token\n',
      '--token ',
      '<token>',
      '<token></token>',
      '://',
      '://a:b',
      '://a:b@',
      '://a:bb…',
      String.raw`"\u0061`,
      '-----END ',
      '[token]=',
      '[["token",',
      '("token",[',
      'name:"token",value:',
      '{name:"token",value:"',
      'name\\\\',
      'key: ',
      'a b ',
      '…',
      '\n    …\n',
    ]) {
      redactText(part.repeat(300_000 / part.length), true);
    }
  });
});

describe('no planted secret survives', () => {
  const secret = fc.constantFrom(KEY, JWT, PEM);
  const plant = (depth: number, list: boolean, leaf: unknown): unknown =>
    depth === 0 ? leaf : list ? [0, plant(depth - 1, !list, leaf)] : { a: 'x', b: plant(depth - 1, !list, leaf) };
  const shown = (value: unknown): string => JSON.stringify(value);
  const survives = (text: string, planted: string): boolean =>
    text.includes(planted) ||
    text.includes(JSON.stringify(planted).slice(1, -1)) ||
    text.includes(encodeURIComponent(planted));

  test('at any depth of a JSON value, by its format', () => {
    fc.assert(
      fc.property(secret, fc.nat(70), fc.boolean(), fc.string(), (planted, depth, list, around) => {
        const value = plant(depth, list, `${around}${planted}`);
        expect(survives(shown(redactValue(value, NONE)), planted)).toBe(false);
        expect(survives(redactBody(shown(value), 'application/json', NONE), planted)).toBe(false);
        expect(survives(redactBody(shown(value), 'text/plain', NONE), planted)).toBe(false);
        expect(survives(redactText(`said ${shown(value)} aloud`), planted)).toBe(false);
      }),
    );
  });

  test('at any depth, by the name of its field, also in JSON within JSON', () => {
    const name = fc.constantFrom('password', 'clientSecret', 'X-Api-Key', 'access_token');
    fc.assert(
      fc.property(name, fc.nat(20), fc.boolean(), (field, depth, list) => {
        const leaf = { [field]: 'correct horse battery' };
        const value = plant(depth, list, leaf);
        expect(shown(redactValue(value, NONE))).not.toContain('horse');
        expect(shown(redactValue({ payload: shown(value) }, NONE))).not.toContain('horse');
        for (const type of ['application/json', 'text/plain', '', 'Application/JSON; charset=utf-8'])
          expect(redactBody(` ${shown(value)}`, type, NONE), type).not.toContain('horse');
      }),
    );
  });

  test.each([
    ['application/x-www-form-urlencoded', 'a=1&password=hunter2&b=2'],
    ['Application/X-WWW-Form-Urlencoded', 'a=1&password=hunter2'],
    ['application/json', 'a=1&password=hunter2'],
    ['', 'a=1&password=hunter2'],
    ['', 'pass%77ord=hunter2&a=1'],
    [
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="password"\r\n\r\nhunter2\r\n--b--',
    ],
    [
      'Multipart/Form-Data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="password"\r\n\r\nhunter2\r\n--b--',
    ],
    ['', '--b\r\ncontent-disposition: form-data; name="password"\r\n\r\nhunter2\r\n--b--'],
    ['application/json', '{"password":"hunter2","cut'],
    ['application/json', '{"pass\\u0077ord":"hunter2"}'],
    ['text/plain', '{"password":"hunter2"'],
    ['application/json', '[["password",["hunter2"]],["n",1]]'],
    ['application/json', '{"fields":[{"value":"hunter2","type":"text","Key":"password"}]}'],
    ['text/plain', '{"env":[{"name":"DB_PASSWORD","value":{"a":["hunter2"]}}]}'],
    ['application/json', '{"fields":[{"name":"password","value":"hunter2"},{"cut'],
  ])('in a body of type %j: %j', (type, body) => expect(redactBody(body, type, NONE)).not.toContain('hunter2'));

  test.each([
    ['?api_key=hunter2'.slice(1), 'hunter2'],
    ['api%5Fkey=hunter2', 'hunter2'],
    ['a=1&token=a%20hunter2', 'hunter2'],
    [`x=${encodeURIComponent(PEM)}`, 'MIIEpAIBAAKCAQEA'],
    [`x=${PEM.replaceAll(' ', '+')}`, 'MIIEpAIBAAKCAQEA'],
    [`x=${KEY.replace('_', '%5F')}`, KEY.slice(20)],
    [KEY, KEY],
    [`${KEY}=1`, KEY],
  ])('in the query %j', (query, planted) => expect(redactQuery(query, NONE)).not.toContain(planted));

  test('a sensitive parameter is out of bodies, queries, forms and headers, whatever its case there', () => {
    const sensitive: Hidden = { ...NONE, names: new Set(['shoe', 'X-Shoe']) };
    expect(redactBody('{"a":{"shoe":1234}}', 'application/json', sensitive)).not.toContain('1234');
    expect(redactBody('shoe=1234&a=b', 'application/x-www-form-urlencoded', sensitive)).not.toContain('1234');
    expect(redactBody('shoe=1234', '', sensitive)).not.toContain('1234');
    expect(redactQuery('shoe=1234', sensitive)).not.toContain('1234');
    expect(redactQuery('shoe[]=1234&shoe[a]=1234', sensitive)).not.toContain('1234');
    expect(isHiddenName('shoe', sensitive) && isHiddenName('X-Shoe', sensitive)).toBe(true);
  });
});

test('numbers keep their digits, unless they are a secret', () => {
  const body = '{"token":"x","id":9007199254740993,"n":1.50,"ids":[123456789012345678901234567890]}';
  expect(redactBody(body, 'application/json', NONE)).toBe(
    `{"token":"${REDACTED}","id":9007199254740993,"n":1.5,"ids":[123456789012345678901234567890]}`,
  );
  const hidden = { ...NONE, secrets: compileSecrets(['9007199254740993', '4711']) };
  expect(redactBody('{"token":1,"id":9007199254740993,"pin":[4711,47]}', 'application/json', hidden)).toBe(
    `{"token":"${REDACTED}","id":"${REDACTED}","pin":"${REDACTED}"}`,
  );
  expect(redactBody('{"token":1,"a":[4711,47]}', 'application/json', hidden)).toBe(
    `{"token":"${REDACTED}","a":["${REDACTED}",47]}`,
  );
});

test('text without a secret stays byte for byte', () => {
  expect(redactBody('{ "a" : 1.0 }', 'application/json', NONE)).toBe('{ "a" : 1.0 }');
  expect(redactQuery('a=%20b&c&=d&&e=f=g', NONE)).toBe('a=%20b&c&=d&&e=f=g');
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      const safe =
        !/auth|token|secret|pass|pwd|cred|cookie|session|key|sign|pin|otp|cvv|cvc|eyJ|BEGIN|bearer|basic|jwt|@/i.test(
          text,
        );
      if (safe) expect(JSON.parse(redactBody(text, 'application/json', NONE))).toEqual(JSON.parse(text));
    }),
  );
});

test('a value is copied without its prototype, and __proto__ is a name like any other', () => {
  const value = JSON.parse('{"__proto__":{"token":"hunter2","n":1}}') as unknown;
  expect(JSON.stringify(redactValue(value, NONE))).toBe(`{"__proto__":{"token":"${REDACTED}","n":1}}`);
});
