import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  COLUMNS,
  CreateEndpointInput,
  deriveEndpoint,
  Endpoint,
  ENDPOINT_FIELDS,
  RULE_FIELDS,
  RULES,
  type StoredRules,
  UpdateEndpointInput,
} from '../../../../src/core/publishing/endpoints/endpoint.schema';
import { applyRules, completeRules, DEFAULT_RULES } from '../../../../src/core/publishing/endpoints/apply-rules';
import { changedFields } from '../../../../src/core/publishing/endpoints/changed-fields';
import { toEndpoint } from '../../../../src/core/publishing/endpoints/get-endpoint';
import { adminRoutes } from '../../../../src/http/admin/admin.routes';
import { describeApi } from '../../../../src/http/openapi';
import { applyChanges, fillDefaults } from '../../../../src/kernel/fields';
import type { EndpointRow } from '../../../../src/storage/endpoints';

describe('a setting that is added to the field map', () => {
  const burst = z.int().min(1).max(9).meta({ description: 'Calls at once' }).default(3);
  const { create, update, rules, answer } = deriveEndpoint({
    ...RULE_FIELDS,
    burst,
    cors: z.strictObject({ ...RULE_FIELDS.cors.unwrap().shape, burst }).prefault({}),
  });
  const made = create.parse({ handler: { path: 'a.js' } });

  test('has its default in a creation that leaves it out', () => {
    expect(made).toMatchObject({ burst: 3, cors: { burst: 3, origins: [] } });
  });
  test('is checked in a creation and in an update', () => {
    expect(create.parse({ handler: { path: 'a.js' }, burst: 5 }).burst).toBe(5);
    expect(update.parse({ burst: 5, cors: { burst: 6 } })).toEqual({ burst: 5, cors: { burst: 6 } });
    expect(create.safeParse({ handler: { path: 'a.js' }, burst: 10 }).success).toBe(false);
    expect(update.safeParse({ burst: 10 }).success).toBe(false);
    expect(update.safeParse({ cors: { burst: 10 } }).success).toBe(false);
  });
  test('is stored, and an update that leaves it out keeps it', () => {
    const stored = applyChanges(rules, fillDefaults(rules, {}), { burst: 5 });
    expect(applyChanges(rules, stored, { subpaths: true, cors: { origins: ['*'] } })).toMatchObject({
      burst: 5,
      cors: { burst: 3, origins: ['*'] },
    });
  });
  test('has its default in documents that were stored before', () => {
    expect(fillDefaults(rules, { cors: { origins: ['*'] } })).toMatchObject({
      burst: 3,
      cors: { burst: 3, origins: ['*'] },
    });
  });
  test('is answered', () => {
    expect(answer.parse({ ...sample(), burst: 4, cors: { burst: 5, origins: [] } })).toMatchObject({
      burst: 4,
      cors: { burst: 5 },
    });
  });
  test('is described, with its default where it may be left out', () => {
    const described = schemasOf({ create, update, answer });
    const of = ({ properties }: Described): unknown[] => [properties.burst, properties.cors!.properties.burst];
    const field = { type: 'integer', minimum: 1, maximum: 9, description: 'Calls at once' };
    expect(of(described.create)).toEqual([
      { ...field, default: 3 },
      { ...field, default: 3 },
    ]);
    expect(of(described.update)).toEqual([field, field]);
    expect(of(described.answer)).toEqual([
      { ...field, default: 3 },
      { ...field, default: 3 },
    ]);
    expect(described.answer.required).toContain('burst');
  });
});

describe('the settings that there are', () => {
  test('are all stored: as a column of the same name, as a rule, or in a way of their own', () => {
    const stored = [...Object.keys(COLUMNS), ...Object.keys(RULES)];
    expect(Object.keys(ENDPOINT_FIELDS).filter((name) => !stored.includes(name))).toEqual([
      'handler',
      'instance',
      'shareInstance',
      'executor',
      'access',
    ]);
  });
  test('of access have names that no other setting has: both are stored in one document', () => {
    const access = Object.keys(ENDPOINT_FIELDS.access.unwrap().shape);
    expect(access.filter((name) => name in ENDPOINT_FIELDS)).toEqual([]);
  });
  test('are all answered, whatever the stored document lacks', () => {
    expect(Endpoint.parse(sample())).toEqual(sample());
  });
  test('may all be left as they are', () => {
    expect(UpdateEndpointInput.parse({})).toEqual({});
    expect(applyRules(DEFAULT_RULES, {})).toEqual(DEFAULT_RULES);
  });
});

test('rules stored before redirects, headers and host calls were settings are read with their defaults', () => {
  const limits = { timeoutMs: 5, cpuMs: 6, subrequests: 7, bodyBytes: 8, responseBytes: 9 };
  const { rules } = completeRules({ rules: { ...DEFAULT_RULES, response: { types: ['text/csv'] }, limits } });
  expect(rules).toEqual({
    ...DEFAULT_RULES,
    response: { types: ['text/csv'], redirects: [], headers: [], cookies: [], after: [], schema: null },
    limits: { ...limits, hostCalls: 400 },
  });
});

describe('access.roles', () => {
  const created = (roles: object) =>
    CreateEndpointInput.safeParse({ handler: { path: 'a.js' }, access: { level: 'authenticated', roles } });
  const updated = (roles: object) => UpdateEndpointInput.safeParse({ access: { roles } });

  test.each<[string, object]>([
    ['names', { match: 'all', names: ['a', 'b'] }],
    ['their former name', { match: 'all', of: ['a', 'b'] }],
    ['both, as an answer has them', { match: 'all', names: ['a', 'b'], of: ['a', 'b'] }],
  ])('takes %s: they are stored, and answered under both', (_how, roles) => {
    for (const { data } of [created(roles), updated(roles)]) {
      const rules = applyRules(DEFAULT_RULES, data!);
      expect(rules.roles).toEqual({ match: 'all', of: ['a', 'b'] });
      const answer = Endpoint.parse(sample(rules));
      expect(answer.access.roles).toEqual({ match: 'all', names: ['a', 'b'], of: ['a', 'b'] });
      expect(changedFields({ access: { roles: data!.access!.roles } }, answer)).toEqual({ access: {} });
    }
  });
  test('is refused when the two differ, with what to do', () => {
    for (const { error } of [created({ names: ['a'], of: [] }), updated({ names: ['a'], of: ['b'] })])
      expect(error!.issues).toMatchObject([
        { path: ['access', 'roles', 'of'], message: expect.stringMatching(/leave it out/) },
      ]);
  });
  test('may be left empty', () => {
    expect(applyRules(DEFAULT_RULES, updated({ match: 'all' }).data!).roles).toEqual({ match: 'all', of: [] });
    expect(applyRules(DEFAULT_RULES, created({}).data!).roles).toEqual({ match: 'any', of: [] });
  });
  test('is described with the former name as deprecated', () => {
    const { create, update, answer } = schemasOf({
      create: CreateEndpointInput,
      update: UpdateEndpointInput,
      answer: Endpoint,
    });
    for (const schema of [create, update, answer]) {
      const { names, of } = schema.properties.access!.properties.roles!.properties;
      expect(names).toMatchObject({ type: 'array', maxItems: 50 });
      expect(names).not.toHaveProperty('deprecated');
      expect(of).toMatchObject({
        type: 'array',
        deprecated: true,
        description: 'Deprecated: the former name of `names`',
      });
    }
    expect(answer.properties.access!.properties.roles!.required).toEqual(['match', 'names', 'of']);
  });
});

/** An endpoint of whose rules only these are stored. */
function sample(rules: StoredRules = {}): Endpoint {
  const row: EndpointRow = {
    ...{ id: 'ep_1', path: 'a', title: '', description: '', folder: '', handlerId: 'h_1', handlerVersion: null },
    ...{ active: true, instance: 'pooled', executorId: 'u_1', accessLevel: 'key', log: 'full', rules },
    ...{ revision: 1, createdAt: 0, updatedAt: 0, createdBy: 'u_1', handlerPath: 'a.js', keyIds: [], toolKey: null },
  };
  return toEndpoint(row, 'https://portico.test');
}

interface Described {
  properties: Record<string, Described>;
  required?: string[];
}

/** The schemas of POST and PATCH as /openapi.json has them, with these in their place. */
function schemasOf({ create, update, answer }: Record<'create' | 'update' | 'answer', z.ZodType>) {
  const routes = adminRoutes.map((route) => {
    if (route.id === 'createEndpoint') return { ...route, body: create, answers: { 201: answer } };
    return route.id === 'updateEndpoint' ? { ...route, body: update } : route;
  });
  const { paths } = JSON.parse(JSON.stringify(describeApi(routes))) as {
    paths: Record<string, Record<string, { requestBody: Content; responses: Record<string, Content> }>>;
  };
  const schema = ({ content }: Content): Described => content['application/json'].schema;
  const { post } = paths['/admin/endpoints']!;
  const { patch } = paths['/admin/endpoints/{id}']!;
  return {
    create: schema(post!.requestBody),
    update: schema(patch!.requestBody),
    answer: schema(post!.responses['201']!),
  };
}
interface Content {
  content: { 'application/json': { schema: Described } };
}
