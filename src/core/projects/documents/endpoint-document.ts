import * as z from 'zod';
import { asSet } from '../../../kernel/normal-form';
import { EndpointParameter } from '../../parameters/parameter.schema';
import { ACCESS_RULES, Access, ENDPOINT_FIELDS, RULE_FIELDS } from '../../publishing/endpoints/endpoint.schema';
import { ResponseRules } from '../../publishing/endpoints/response.schema';
import { RoleName } from '../../identity/roles/role.schema';

const { id: _id, aliases: _aliases, ...parameterFields } = EndpointParameter.shape;

/** A parameter by its name: ids and former names are the service's own. */
const ParameterDocument = z.strictObject({
  ...parameterFields,
  was: z.string().max(64).optional().meta({ description: 'Its former name: callers and earlier versions keep it' }),
});
export type ParameterDocument = z.output<typeof ParameterDocument>;

const setOf = (field: z.ZodDefault<z.ZodArray<z.ZodType<string>>>) =>
  asSet(field.unwrap()).default(field.def.defaultValue as string[]);

const { executor: _executor, shareInstance: _share, handler, instance, ...fields } = ENDPOINT_FIELDS;

/** An endpoint as a file has it: what differs from the defaults, keys by alias, the executor by name. */
export const EndpointDocument = z.strictObject({
  ...fields,
  handler: handler.shape.path.meta({ description: 'Path of the handler' }),
  version: handler.shape.version.meta({ description: 'A number pins this version; null: the deployed one' }),
  executor: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .meta({ description: 'Name of the user with whose rights it runs. Left out: unchanged, or you for a new one' }),
  instance: instance.default('pooled'),
  access: z
    .strictObject({
      level: Access.shape.level,
      keys: asSet(z.array(z.string().min(1).max(200)).max(100))
        .meta({ description: 'Aliases of keys' })
        .default([]),
      roles: z
        .strictObject({
          match: z.enum(['any', 'all']).default('any'),
          names: asSet(z.array(RoleName).max(50)).default([]),
        })
        .prefault({}),
      middleware: ACCESS_RULES.middleware,
      addresses: setOf(ACCESS_RULES.addresses),
      issuers: ACCESS_RULES.issuers,
      signature: ACCESS_RULES.signature,
    })
    .prefault({}),
  parameters: z.array(ParameterDocument).max(100).default([]),
  response: z
    .strictObject({
      types: setOf(ResponseRules.shape.types),
      redirects: setOf(ResponseRules.shape.redirects),
      headers: setOf(ResponseRules.shape.headers),
      cookies: setOf(ResponseRules.shape.cookies),
      after: ResponseRules.shape.after,
      schema: ResponseRules.shape.schema,
    })
    .prefault({}),
  secrets: setOf(RULE_FIELDS.secrets),
  egress: setOf(RULE_FIELDS.egress),
  was: z.string().max(600).optional().meta({ description: 'Its former path' }),
});
export type EndpointDocument = z.output<typeof EndpointDocument>;
