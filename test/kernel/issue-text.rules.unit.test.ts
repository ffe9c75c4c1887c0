import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ENDPOINT_PARAMETER_TYPES } from '../../src/core/parameters/parameter-type.rules';
import { ParameterInput } from '../../src/core/parameters/parameter.schema';
import { toSchema } from '../../src/core/parameters/parameter-value.rules';
import '../../src/kernel/issue-text.rules';
import { ACTIONS } from '../../src/core/workflow/actions/action-list';
import { WorkflowHead } from '../../src/core/workflow/document/workflow.schema';
import { adminRoutes } from '../../src/http/admin/admin.routes';
import { CreateBody, EndpointIdParams, ListQuery, UpdateBody } from '../../src/http/instabase/forms';

/** Default messages of zod that must not appear. */
const RAW = /\b(Invalid|Expected|expected|received|Unrecognized|Too (big|small)|GUID|ISO|NaN|discriminator|input)\b/;

const messageOf = (schema: z.ZodType, value: unknown): string => {
  const parsed = schema.safeParse(value);
  return parsed.success ? '' : parsed.error.issues.map(({ message }) => message).join('; ');
};

describe('a message for each kind of issue', () => {
  const wide = z.enum(Array.from({ length: 30 }, (_, n) => `v${n}`));
  test.each<[z.ZodType, unknown, string]>([
    [z.string(), undefined, 'is required'],
    [z.enum(['a']), undefined, 'is required'],
    [z.string(), 1, 'must be text'],
    [z.number(), '1', 'must be a number'],
    [z.number(), Number.NaN, 'must be a number'],
    [z.number(), Infinity, 'must be a number'],
    [z.coerce.number(), 'x', 'must be a number'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.int(), 2 ** 60, 'must be at most 9007199254740991'],
    [z.boolean(), 'yes', 'must be true or false'],
    [z.array(z.string()), {}, 'must be a list'],
    [z.tuple([z.string()]), 1, 'must be a list'],
    [z.object({}), [], 'must be an object'],
    [z.record(z.string(), z.string()), 1, 'must be an object'],
    [z.null(), 1, 'must be null'],
    [z.date(), 1, 'must be a date'],
    [z.never(), 1, 'must be left out'],
    [z.literal('x'), 1, 'must be "x"'],
    [z.enum(['a', 'b']), 'c', 'must be one of "a", "b"'],
    [wide, 'c', expect.stringMatching(/"v19" and 10 others$/) as string],
    [z.number().min(3), 2, 'must be at least 3'],
    [z.number().gt(3), 3, 'must be more than 3'],
    [z.number().max(3), 4, 'must be at most 3'],
    [z.number().lt(3), 4, 'must be less than 3'],
    [z.number().multipleOf(5), 4, 'must be a multiple of 5'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().min(3), '', 'must have at least 3 characters'],
    [z.string().max(1), 'abc', 'must have at most 1 character'],
    [z.string().length(2), 'a', 'must have 2 characters'],
    [z.array(z.unknown()).min(2), [1], 'must have at least 2 items'],
    [z.array(z.unknown()).max(1), [1, 2], 'must have at most 1 item'],
    [z.set(z.unknown()).max(1), new Set([1, 2]), 'must have at most 1 item'],
    [z.file().max(1), new File(['abc'], 'a'), 'must have at most 1 byte'],
    [z.email(), 'x', 'must be an email address'],
    [z.ipv4(), 'x', 'must be an IPv4 address'],
    [z.ipv6(), 'x', 'must be an IPv6 address'],
    [z.url(), 'x', 'must be an http or https URL'],
    [z.guid(), 'x', 'must be a UUID'],
    [z.uuid(), 'x', 'must be a UUID'],
    [z.iso.date(), '2026-02-30', 'must be a date such as 2026-01-31'],
    [z.iso.datetime(), 'x', 'must be a date and time such as 2026-01-31T09:30:00Z'],
    [z.iso.time(), 'x', 'must be a time such as 09:30:00'],
    [z.iso.duration(), 'x', 'must be a duration such as PT1H30M'],
    [z.ipv4(), 'x', 'must be an IPv4 address'],
    [z.ipv6(), 'x', 'must be an IPv6 address'],
    [z.cidrv4(), 'x', 'must be an IPv4 network'],
    [z.cidrv6(), 'x', 'must be an IPv6 network'],
    [z.base64(), '*', 'must be base64'],
    [z.base64url(), '*', 'must be base64url'],
    [z.jwt(), 'x', 'must be a JWT'],
    [z.e164(), 'x', 'must be a telephone number such as +3212345678'],
    [z.string().regex(/^a$/), 'b', 'does not have the form it needs'],
    [z.nanoid(), '*', 'does not have the form it needs'],
    [z.string().startsWith('a'), 'b', 'must start with "a"'],
    [z.string().endsWith('a'), 'b', 'must end with "a"'],
    [z.string().includes('a'), 'b', 'must contain "a"'],
    [z.strictObject({}), { a: 1, b: 2 }, 'has unknown fields: "a", "b"'],
    [z.record(z.string().max(1), z.unknown()), { abc: 1 }, 'has a name that must have at most 1 character'],
    [z.map(z.unknown(), z.string()), new Map([[{}, 1]]), 'has an item that must be text'],
    [z.union([z.string(), z.number()]), true, 'must be text, or must be a number'],
    [z.union([z.strictObject({ user: z.string() }), z.strictObject({ key: z.string() })]), { user: 1 }, 'user must be text, or key is required'],
    [z.union([z.string(), z.number()]), undefined, 'is required'],
    [z.discriminatedUnion('do', [z.object({ do: z.literal('a') }), z.object({ do: z.literal('b') })]), { do: 'c' }, expect.stringMatching(/^(must be one of "a", "b"|fits none of its forms)$/) as string],
    [z.json(), Symbol('x'), expect.not.stringMatching(RAW) as string],
    [z.string().refine(() => false), 'x', 'cannot be used'],
    [z.string().refine(() => false, 'is reserved'), 'x', 'is reserved'],
  ])('%#: %j', (schema, value, wanted) => expect(messageOf(schema, value)).toEqual(wanted)); // oxfmt-ignore

  test('a value of the caller is quoted in part', () => {
    const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`${n}${'x'.repeat(10_000)}`, 1]));
    expect(messageOf(z.strictObject({}), fields).length).toBeLessThan(6000);
  });
});

const JUNK: unknown[] = [undefined, null, true, 0, -1, 1.5, 2 ** 60, Number.NaN, '', 'x', 'x'.repeat(100_000), [], [1], [null], {}, { x: 1 }, { do: 'x' }, '2026', 'a@b', 'not a path']; // oxfmt-ignore

/** Junk in place of the whole value, and in each of its fields while the others are left out, at every depth. */
function* junkFor(schema: z.ZodType, depth = 0): Generator<unknown> {
  yield* JUNK;
  const inner = unwrap(schema);
  if (depth > 4) return;
  if (inner instanceof z.ZodArray) for (const item of junkFor(inner.element as z.ZodType, depth + 1)) yield [item];
  if (inner instanceof z.ZodUnion)
    for (const option of inner.options) for (const value of junkFor(option as z.ZodType, depth + 1)) yield value;
  if (inner instanceof z.ZodObject)
    for (const [name, field] of Object.entries(inner.shape))
      for (const value of junkFor(field as z.ZodType, depth + 1)) yield { [name]: value };
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault
  )
    inner = inner.unwrap() as z.ZodType;
  return inner;
}

const SCHEMAS: [string, z.ZodType][] = [
  ...adminRoutes.flatMap(({ method, path, params, query, body }) =>
    [params, query, body].flatMap((schema): [string, z.ZodType][] => (schema ? [[`${method} ${path}`, schema]] : [])),
  ),
  ...Object.entries({
    CreateBody,
    UpdateBody,
    ListQuery,
    IdParams: EndpointIdParams,
    ParameterInput,
    WorkflowHead,
  }),
  ...ENDPOINT_PARAMETER_TYPES.map((type): [string, z.ZodType] => [
    type,
    toSchema({
      ...ParameterInput.parse({ name: 'p', type, ...(type === 'enum' ? { values: ['a'] } : {}) }),
      id: 'p1',
    }),
  ]),
  ...ACTIONS.map((action): [string, z.ZodType] => [`step ${action.name}`, action.schema]),
];

test.each(SCHEMAS)('%s has no message of zod', (_name, schema) => {
  const said = new Set<string>();
  for (const value of junkFor(schema)) for (const message of messageOf(schema, value).split('; ')) said.add(message);
  expect([...said].filter((message) => RAW.test(message))).toEqual([]);
});

test('the cases above cover all formats in use', async () => {
  const sources = import.meta.glob<string>('../../src/**/*.ts', { query: '?raw', import: 'default', eager: true });
  const used = new Set(
    Object.values(sources).flatMap((text) =>
      [...text.matchAll(/\bz\.((?:iso\.)?[a-z0-9]+)\(/gi)].map(([, name]) => name!),
    ),
  );
  const known =
    'string strictObject object array int enum boolean iso.datetime unknown number record json union discriminatedUnion literal url iso.date guid email toJSONSchema lazy config looseObject null base64 ipv4 ipv6';
  expect([...used].filter((name) => !known.split(' ').includes(name))).toEqual([]);
});
