import * as z from 'zod';
import { ENDPOINT_LOGS } from '../../runs/run.schema';
import { egressHostIssue } from '../../egress/egress.rules';
import { SecretName } from '../../code/secret-name.schema';
import { HandlerPath } from '../handlers/handler.schema';
import { AddressRange } from '../../identity/keys/key.schema';
import { RoleName } from '../../identity/roles/role.schema';
import { MiddlewareAttachment } from '../../workflow/document/workflow.schema';
import { isSameJson } from '../../../kernel/json.rules';
import { optionalFields, type Complete, type Fields, type Stored } from '../../../kernel/fields';
import { EndpointParameter, ParameterInput } from '../../parameters/parameter.schema';
import { METHODS } from '../../../kernel/http-methods';
import { isReserved, pathIssue } from './endpoint-path.rules';
import { Alert } from './alert.schema';
import { Cache } from './cache.schema';
import { Issuer } from './issuer.schema';
import { Limits, RateLimit } from './limits.schema';
import { Renamed } from './renamed.schema';
import { ResponseRules } from './response.schema';
import { Schedule } from './schedule.schema';
import { Signature } from './signature.schema';

/** `quote`, or segments and names: `orders/:id/items`. */
export const EndpointPath = z
  .string()
  .superRefine((path, ctx) => {
    const message = pathIssue(path);
    if (message !== null) ctx.addIssue({ code: 'custom', message, params: { code: 'invalid_path' } });
    else if (isReserved(path))
      ctx.addIssue({ code: 'custom', message: 'is reserved', params: { code: 'reserved_path' } });
  })
  .meta({ description: 'Segments between slashes, each literal or a `:name`; the first is literal' });

/** Ids that an endpoint cannot have, because URLs use them in the place of an id. */
const RESERVED_IDS = new Set(['list', 'u', '.', '..']);

/** An id that a caller chooses: the characters that need no escaping in a URL. */
export const EndpointId = z
  .string()
  .regex(/^[A-Za-z0-9._~-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 . _ ~ -')
  .refine((id) => !RESERVED_IDS.has(id.toLowerCase()), { message: 'is reserved', params: { code: 'reserved_id' } });

const INSTANCE_MODES = ['pooled', 'per-call', 'shared'] as const;
export type InstanceMode = (typeof INSTANCE_MODES)[number];

export const ACCESS_LEVELS = ['public', 'key', 'authenticated', 'key-or-authenticated'] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** Maximum number of keys of an endpoint: every refresh of its definition reads their state. */
const MAX_ENDPOINT_KEYS = 100;

const MATCHES = ['any', 'all'] as const;
const RoleNames = z.array(RoleName).max(50);
const FormerNames = RoleNames.meta({ deprecated: true, description: 'Deprecated: the former name of `names`' });

const RolesInput = z
  .strictObject({ match: z.enum(MATCHES).default('any'), names: RoleNames.optional(), of: FormerNames.optional() })
  .refine(({ names, of }) => names === undefined || of === undefined || isSameJson(names, of), {
    path: ['of'],
    message: 'differs from `names`; `of` is the former name of the same list: leave it out',
  });
export type RolesInput = z.infer<typeof RolesInput>;
const StoredRoles = z.object({ match: z.enum(MATCHES), of: RoleNames }).default({ match: 'any', of: [] });
const Roles = z.strictObject({ match: z.enum(MATCHES), names: RoleNames, of: FormerNames });

/** Maximum number of middleware of an endpoint: each runs in an isolate of its own, one after the other. */
const MAX_MIDDLEWARE = 8;

/** Fields of `access` that are stored with the rules; its level has a column, its keys a table. */
export const ACCESS_RULES = {
  roles: RolesInput.default({ match: 'any', names: [] }),
  middleware: z
    .array(MiddlewareAttachment)
    .max(MAX_MIDDLEWARE)
    .meta({ description: 'Workflows that run first, in this order, and may refuse' })
    .default([]),
  addresses: z
    .array(AddressRange)
    .max(100)
    .meta({ description: 'Addresses and ranges that may call; none: all' })
    .default([]),
  issuers: z
    .array(Issuer)
    .max(5)
    .meta({ description: 'Issuers whose tokens are accepted, beside those of this service' })
    .default([]),
  signature: Signature.default(null),
};

export const Access = z.strictObject({
  level: z.enum(ACCESS_LEVELS).meta({ description: '`public` must be set explicitly' }).default('key'),
  keys: z.array(z.string().max(64)).max(MAX_ENDPOINT_KEYS).default([]),
  ...ACCESS_RULES,
});

const Origin = z
  .string()
  .regex(/^(\*|https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?)$/, 'must be * or an origin such as https://app.example.com');

const EgressHost = z.string().superRefine((host, ctx) => {
  const message = egressHostIssue(host);
  if (message !== null) ctx.addIssue({ code: 'custom', message });
});

const Tool = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 _ . -')
    .optional(),
  description: z.string().max(4000).optional(),
  readOnly: z.boolean().optional(),
  destructive: z.boolean().optional(),
  idempotent: z.boolean().optional(),
  openWorld: z.boolean().optional(),
});

/** Fields that only calls read, stored as one document. Add a setting here: all schemas below are derived from it. */
export const RULE_FIELDS = {
  methods: z
    .array(z.enum(METHODS))
    .min(1)
    .overwrite((methods) => METHODS.filter((method) => methods.includes(method)))
    .default(['POST']),
  subpaths: z.boolean().default(false),
  strict: z.boolean().meta({ description: 'Refuse body fields that are not declared' }).default(false),
  parameters: z.array(ParameterInput).max(100).default([]),
  response: ResponseRules.prefault({}),
  cors: z.strictObject({ origins: z.array(Origin).max(50).default([]) }).prefault({}),
  docs: z
    .enum(['auto', 'public', 'hidden'])
    .meta({ description: 'Who sees it in /u/openapi.json. auto: its callers, and all where its level is public' })
    .default('auto'),
  tool: z
    .union([z.boolean(), Tool])
    .meta({ description: 'Whether it is a tool of /mcp, and how it is described there' })
    .default(false),
  secrets: z
    .array(SecretName)
    .max(50)
    .meta({ description: 'Names of secrets that the handler gets as env.NAME' })
    .default([]),
  egress: z
    .array(EgressHost)
    .max(50)
    .meta({ description: 'Hosts that the handler may call; none: no network' })
    .default([]),
  rateLimit: RateLimit.nullable().default(null),
  idempotency: z
    .strictObject({
      required: z
        .boolean()
        .meta({ description: 'Refuse calls that change something without the header' })
        .default(false),
    })
    .nullable()
    .meta({
      description: 'With it, a repeat of a call with the same Idempotency-Key gets the first answer for 24 hours',
    })
    .default(null),
  cache: Cache.default(null),
  onError: HandlerPath.nullable()
    .meta({
      description: 'Handler that answers in place of a handler that failed, timed out or gave an invalid answer',
    })
    .default(null),
  limits: Limits.prefault({}),
  alert: Alert.default(null),
  schedules: z.array(Schedule).max(20).meta({ description: 'When it runs by itself' }).default([]),
};

/** Derives the schemas of creation, update, stored rules and response from the fields of the rules. */
export function deriveEndpoint<F extends Fields>(ruleFields: F) {
  const fields = {
    path: EndpointPath,
    title: z.string().max(200).default(''),
    description: z.string().max(10_000).default(''),
    folder: z.string().max(200).default(''),
    handler: z.strictObject({ path: HandlerPath, version: z.int().min(1).nullable().default(null) }),
    active: z.boolean().default(true),
    instance: z.enum(INSTANCE_MODES),
    shareInstance: z.boolean().meta({ description: 'true: instance shared; false: per-call, or pooled in a response' }),
    executor: z.string().max(128),
    access: Access.prefault({}),
    log: z.enum(ENDPOINT_LOGS).default('full'),
    ...ruleFields,
  };
  const executor = 'Id or name of a user who has no other roles than you';
  return {
    fields,
    create: z.strictObject(fields).extend({
      path: fields.path.optional().meta({ description: `${fields.path.description}. Generated when omitted` }),
      instance: fields.instance.optional().meta({ description: 'Default: pooled' }),
      shareInstance: fields.shareInstance.optional(),
      executor: fields.executor.optional().meta({ description: `${executor}. Default: you` }),
    }),
    update: z.strictObject(optionalFields(fields)).extend({
      executor: fields.executor.optional().meta({ description: executor }),
    }),
    rules: z
      .object({ ...ruleFields, ...ACCESS_RULES })
      .extend({ roles: StoredRoles, parameters: z.array(EndpointParameter).default([]) }).shape,
    answer: z
      .object({
        id: z.string(),
        ...fields,
        revision: z.int(),
        createdAt: z.iso.datetime(),
        updatedAt: z.iso.datetime(),
        createdBy: z.string(),
        url: z.string(),
      })
      .extend({ access: Access.extend({ roles: Roles }), parameters: z.array(EndpointParameter) }),
  };
}

const { fields, create, update, rules, answer } = deriveEndpoint(RULE_FIELDS);

/** Fields that are columns of the same name. */
export const COLUMNS = z
  .object(fields)
  .pick({ path: true, title: true, description: true, folder: true, active: true, log: true }).shape;

export const ENDPOINT_FIELDS = fields;
export const RULES = rules;
/** All rules of an endpoint. */
export type EndpointRules = Complete<typeof RULES>;
/** Rules as stored: settings added after the endpoint was last saved are missing. */
export type StoredRules = Stored<typeof RULES>;

export const CreateEndpointInput = create;
export type CreateEndpointInput = z.infer<typeof CreateEndpointInput>;

/**
 * Any subset. `access`, `limits`, `response` and `cors` merge one level deep, so that `{"access": {"level": "public"}}` keeps the
 * keys; arrays are replaced.
 */
export const UpdateEndpointInput = update;
export type UpdateEndpointInput = z.infer<typeof UpdateEndpointInput>;

export const Endpoint = answer;
export type Endpoint = z.infer<typeof Endpoint>;

/** The response to a write: with warnings of the checks, and the effects of renamed parameters. */
export const SavedEndpoint = z.object({
  ...Endpoint.shape,
  warnings: z
    .array(z.object({ pointer: z.string(), code: z.string(), message: z.string() }))
    .optional()
    .meta({
      description: 'Points to review; always a list where the handler is a workflow, or middleware is attached',
    }),
  renamed: z.array(Renamed).optional(),
});
export type SavedEndpoint = z.infer<typeof SavedEndpoint>;
