import * as z from 'zod';
import { ENDPOINT_LOGS, type EndpointLog } from '../../runs/endpoint-log';
import { PageQuery } from '../../../kernel/page';
import { egressHostIssue } from '../../egress/egress.rules';
import { SecretName } from '../secrets/secret.schema';
import { HandlerPath } from '../handlers/handler.schema';
import { RoleName } from '../../identity/roles/role.schema';
import { MiddlewareAttachment } from '../../workflow/document/workflow.schema';
import type { Issue } from '../../../kernel/errors';
import { EndpointParameter } from '../../parameters/parameter.schema';
import { Renamed } from './renamed.schema';
import { ResponseRules, UpdateResponseRules, type StoredResponseRules } from './response.schema';

const PATH = /^[A-Za-z0-9_-]{1,64}$/;
const RESERVED = new Set(['list', 'u', 'new', 'admin', 'api', 'token', 'health', 'plynx', 'console', 'openapi']);

/** True for the one path segment that an endpoint may have; what fails here costs a caller no store read. */
export const isEndpointPath = (path: string): boolean => PATH.test(path);

export const EndpointPath = z
  .string()
  .refine(isEndpointPath, {
    message: 'must be 1 to 64 of A-Z a-z 0-9 _ -, without slashes',
    params: { code: 'invalid_path' },
  })
  .refine((path) => !RESERVED.has(path.toLowerCase()), { message: 'is reserved', params: { code: 'reserved_path' } });

/** Ids that an endpoint cannot have: the words of URLs that stand where an id does. */
const RESERVED_IDS = new Set(['list', 'u', '.', '..']);

/** An id that a caller chooses: the characters that need no escaping in a URL. */
export const EndpointId = z
  .string()
  .regex(/^[A-Za-z0-9._~-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 . _ ~ -')
  .refine((id) => !RESERVED_IDS.has(id.toLowerCase()), { message: 'is reserved', params: { code: 'reserved_id' } });

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type Method = (typeof METHODS)[number];

export const INSTANCE_MODES = ['pooled', 'per-call', 'shared'] as const;
export type InstanceMode = (typeof INSTANCE_MODES)[number];

export const ACCESS_LEVELS = ['public', 'key', 'authenticated', 'key-or-authenticated'] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** How many keys one endpoint accepts: their state travels with every refresh of its definition. */
export const MAX_ENDPOINT_KEYS = 100;

export const AccessRoles = z.strictObject({
  match: z.enum(['any', 'all']).default('any'),
  of: z.array(RoleName).max(50).default([]),
});

/** Middleware that one endpoint attaches: each is an isolate of its own, one after the other. */
export const MAX_MIDDLEWARE = 8;
const Middleware = z.array(MiddlewareAttachment).max(MAX_MIDDLEWARE);

export const Access = z.strictObject({
  level: z.enum(ACCESS_LEVELS).default('key').meta({ description: 'Public must be asked for' }),
  keys: z.array(z.string().max(64)).max(MAX_ENDPOINT_KEYS).default([]),
  roles: AccessRoles.prefault({}),
  middleware: Middleware.default([]).meta({ description: 'Workflows that run first, in this order, and may refuse' }),
});

const Origin = z
  .string()
  .regex(/^(\*|https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?)$/, 'must be * or an origin such as https://app.example.com');

export const RateLimit = z.strictObject({
  limit: z.int().min(1).max(1_000_000),
  windowSeconds: z.int().min(1).max(86_400),
  by: z.enum(['key', 'ip', 'user']).default('ip'),
});
export type RateLimit = z.infer<typeof RateLimit>;

/** D1 takes 1,000 statements for one call [Cloudflare's limit], and an operation on a table is about two. */
const DEFAULT_HOST_CALLS = 400;

export const Limits = z.strictObject({
  timeoutMs: z
    .int()
    .min(1)
    .max(300_000)
    .default(10_000)
    .meta({ description: 'Wall time until the last byte of the answer' }),
  cpuMs: z
    .int()
    .min(1)
    .max(300_000)
    .default(1000)
    .meta({ description: 'Enforced by Cloudflare, not on a local machine' }),
  subrequests: z
    .int()
    .min(0)
    .max(1000)
    .default(20)
    .meta({ description: 'Requests that one call may send, each redirect included' }),
  hostCalls: z
    .int()
    .min(0)
    .max(1000)
    .default(DEFAULT_HOST_CALLS)
    .meta({ description: 'Operations on tables, and calls of other handlers, that one call may ask for' }),
  bodyBytes: z.int().min(0).max(26_214_400).default(1_048_576),
  responseBytes: z.int().min(1).max(104_857_600).default(1_048_576),
  steps: z.int().min(1).max(10_000).optional().meta({ description: 'Steps that one run of a workflow may take' }),
  rounds: z.int().min(1).max(100_000).optional().meta({ description: 'Loop rounds that one run may take' }),
});
export type Limits = z.infer<typeof Limits>;

/** Limits as they are stored: without what was added after an endpoint was last saved. */
export type StoredLimits = Omit<Limits, 'hostCalls'> & Partial<Pick<Limits, 'hostCalls'>>;
export const readLimits = (stored: StoredLimits): Limits => ({
  ...stored,
  hostCalls: stored.hostCalls ?? DEFAULT_HOST_CALLS,
});

const EgressHost = z.string().superRefine((host, ctx) => {
  const message = egressHostIssue(host);
  if (message !== null) ctx.addIssue({ code: 'custom', message });
});
const Secrets = z.array(SecretName).max(50);
const Egress = z.array(EgressHost).max(50);

/** What only a call looks at; stored as one document, read whole. */
const rules = {
  methods: z
    .array(z.enum(METHODS))
    .min(1)
    .default(['POST'])
    .overwrite((methods) => METHODS.filter((method) => methods.includes(method))),
  subpaths: z.boolean().default(false),
  strict: z.boolean().default(false).meta({ description: 'Refuse body fields that are not declared' }),
  parameters: z.array(EndpointParameter).max(100).default([]),
  response: ResponseRules.prefault({}),
  cors: z.strictObject({ origins: z.array(Origin).max(50).default([]) }).prefault({}),
  secrets: Secrets.default([]).meta({ description: 'Names of secrets that the handler gets as env.NAME' }),
  egress: Egress.default([]).meta({ description: 'Hosts that the handler may call; none: no network' }),
  rateLimit: RateLimit.nullable().default(null),
  limits: Limits.prefault({}),
};

const fields = {
  path: EndpointPath,
  title: z.string().max(200),
  description: z.string().max(10_000),
  folder: z.string().max(200),
  handler: z.strictObject({ path: HandlerPath, version: z.int().min(1).nullable().default(null) }),
  active: z.boolean(),
  instance: z.enum(INSTANCE_MODES),
  shareInstance: z.boolean().meta({ description: 'true: instance shared; false: per-call, or pooled in an answer' }),
  executor: z.string().max(128),
  access: Access,
  log: z.enum(ENDPOINT_LOGS),
  ...rules,
};

export const CreateEndpointInput = z.strictObject({
  ...fields,
  path: fields.path.optional().meta({ description: 'One is made when left out' }),
  title: fields.title.default(''),
  description: fields.description.default(''),
  folder: fields.folder.default(''),
  active: fields.active.default(true),
  instance: fields.instance.optional().meta({ description: 'pooled when left out' }),
  shareInstance: fields.shareInstance.optional(),
  executor: fields.executor
    .optional()
    .meta({ description: 'Id or name of a user who has no other roles than you; you, when left out' }),
  access: Access.prefault({}),
  log: fields.log.default('full'),
});
export type CreateEndpointInput = z.infer<typeof CreateEndpointInput>;

/**
 * Any subset. `access`, `limits`, `response` and `cors` merge one level deep, so that `{"access": {"level": "public"}}` keeps the
 * keys; arrays are replaced.
 */
export const UpdateEndpointInput = z.strictObject({
  path: fields.path.optional(),
  title: fields.title.optional(),
  description: fields.description.optional(),
  folder: fields.folder.optional(),
  handler: fields.handler.optional(),
  active: fields.active.optional(),
  instance: fields.instance.optional(),
  shareInstance: fields.shareInstance.optional(),
  executor: fields.executor.optional().meta({ description: 'Id or name of a user who has no other roles than you' }),
  log: fields.log.optional(),
  access: z
    .strictObject({
      level: z.enum(ACCESS_LEVELS).optional(),
      keys: z.array(z.string().max(64)).max(MAX_ENDPOINT_KEYS).optional(),
      roles: AccessRoles.optional(),
      middleware: Middleware.optional(),
    })
    .optional(),
  methods: z.array(z.enum(METHODS)).min(1).optional(),
  subpaths: z.boolean().optional(),
  strict: z.boolean().optional(),
  parameters: z.array(EndpointParameter).max(100).optional(),
  response: UpdateResponseRules.optional(),
  cors: z.strictObject({ origins: z.array(Origin).max(50).optional() }).optional(),
  secrets: Secrets.optional(),
  egress: Egress.optional(),
  rateLimit: RateLimit.nullable().optional(),
  limits: z
    .strictObject({
      timeoutMs: Limits.shape.timeoutMs.unwrap().optional(),
      cpuMs: Limits.shape.cpuMs.unwrap().optional(),
      subrequests: Limits.shape.subrequests.unwrap().optional(),
      hostCalls: Limits.shape.hostCalls.unwrap().optional(),
      bodyBytes: Limits.shape.bodyBytes.unwrap().optional(),
      responseBytes: Limits.shape.responseBytes.unwrap().optional(),
      steps: Limits.shape.steps,
      rounds: Limits.shape.rounds,
    })
    .optional(),
});
export type UpdateEndpointInput = z.infer<typeof UpdateEndpointInput>;

/** The stored document of an endpoint's rules. */
export interface EndpointRules {
  methods: Method[];
  subpaths: boolean;
  strict: boolean;
  roles: z.infer<typeof AccessRoles>;
  middleware: MiddlewareAttachment[];
  parameters: EndpointParameter[];
  response: StoredResponseRules;
  cors: { origins: string[] };
  secrets: string[];
  egress: string[];
  rateLimit: RateLimit | null;
  limits: StoredLimits;
}

export const ListEndpointsQuery = z.strictObject({
  ...PageQuery.shape,
  path: z.string().max(64).optional(),
  folder: z.string().max(200).optional(),
  handler: z.string().max(512).optional().meta({ description: 'Path of the handler' }),
  key: z.string().max(64).optional().meta({ description: 'Id of a key that the endpoint accepts' }),
  active: z.enum(['true', 'false']).optional(),
});
export type ListEndpointsQuery = z.infer<typeof ListEndpointsQuery>;

export const Endpoint = z.object({
  id: z.string(),
  ...fields,
  parameters: z.array(EndpointParameter),
  revision: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  createdBy: z.string(),
  url: z.string(),
});
export interface Endpoint extends Omit<EndpointRules, 'roles' | 'middleware' | 'response' | 'limits'> {
  response: ResponseRules;
  limits: Limits;
  id: string;
  path: string;
  title: string;
  description: string;
  folder: string;
  handler: { path: string; version: number | null };
  active: boolean;
  instance: InstanceMode;
  shareInstance: boolean;
  executor: string;
  access: z.infer<typeof Access>;
  log: EndpointLog;
  revision: number;
  createdAt: string;
  updatedAt: string;
  createdBy: string;
  url: string;
}

/** The answer to a write: with what the checks of its workflows warn of, and what followed from renaming parameters. */
export const SavedEndpoint = z.object({
  ...Endpoint.shape,
  warnings: z
    .array(z.object({ pointer: z.string(), code: z.string(), message: z.string() }))
    .optional()
    .meta({ description: 'What to look at; always a list where the handler is a workflow, or middleware is attached' }),
  renamed: z.array(Renamed).optional(),
});
export interface SavedEndpoint extends Endpoint {
  warnings?: Issue[];
  renamed?: Renamed[];
}
