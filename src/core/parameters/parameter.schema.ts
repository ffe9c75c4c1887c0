import * as z from 'zod';
import { isClosedToParameters } from '../../kernel/http-headers';
import { ENDPOINT_PARAMETER_TYPES, TYPES_OF_RULE } from './parameter-type.rules';

export const ParameterName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 letters, digits, _ or -, not starting with a digit or -');

/** A name as sent. In a header it must be a valid header name. */
const SentAs = z.string().regex(/^[\x21-\x7e]{1,100}$/, 'must be 1 to 100 visible ASCII characters without spaces');
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** An earlier name: callers may still use it, and versions of that handler up to `version` receive the parameter under it. */
const Alias = z.strictObject({ name: ParameterName, handler: z.string().max(64), version: z.int().min(0) });

/**
 * One declared input of an endpoint. `id` is stable, so that a rename can change workflow steps too. `test` is the default value in test
 * runs. Lengths count UTF-16 units of text, items of an array, bytes of a file.
 */
export const ParameterInput = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/)
      .optional()
      .meta({ description: 'Stable id; generated when left out' }),
    name: ParameterName,
    sentAs: SentAs.optional().meta({
      description: 'The name that callers send, if a handler cannot have it: hub.challenge',
    }),
    aliases: z
      .array(Alias)
      .max(10)
      .optional()
      .meta({ description: 'Earlier names, added by renames; leave out to keep them, [] to remove them' }),
    in: z.enum(['body', 'query', 'path', 'header']).default('body'),
    type: z.enum(ENDPOINT_PARAMETER_TYPES).default('text'),
    required: z.boolean().default(false),
    default: z.json().default(null),
    test: z.json().default(null),
    sensitive: z.boolean().default(false).meta({ description: 'The value is left out of run records' }),
    description: z.string().max(2000).default(''),
    min: z.number().optional(),
    max: z.number().optional(),
    minLength: z.int().min(0).optional(),
    maxLength: z.int().min(0).optional(),
    pattern: z.string().max(500).optional().meta({ description: 'RE2 syntax; the whole value must match' }),
    values: z.array(z.string().max(200)).min(1).max(200).optional(),
  })
  .superRefine((parameter, ctx) => {
    for (const rule of Object.keys(TYPES_OF_RULE) as (keyof typeof TYPES_OF_RULE)[]) {
      if (parameter[rule] !== undefined && !TYPES_OF_RULE[rule].includes(parameter.type)) {
        ctx.addIssue({ code: 'custom', path: [rule], message: `${rule} does not apply to the type ${parameter.type}` });
      }
    }
    for (const [least, most] of [
      ['min', 'max'],
      ['minLength', 'maxLength'],
    ] as const) {
      if ((parameter[least] ?? -Infinity) > (parameter[most] ?? Infinity)) {
        ctx.addIssue({ code: 'custom', path: [most], message: `${least} must not be greater than ${most}` });
      }
    }
    if (parameter.type === 'enum' && parameter.values === undefined) {
      ctx.addIssue({ code: 'custom', path: ['values'], message: 'an enum parameter requires `values`' });
    }
    const { sentAs } = parameter;
    const at = sentAs === undefined ? 'name' : 'sentAs';
    if (parameter.in === 'header' && isClosedToParameters((sentAs ?? parameter.name).toLowerCase())) {
      ctx.addIssue({ code: 'custom', path: [at], message: 'is a header that never reaches a handler' });
    }
    if (parameter.in === 'header' && sentAs !== undefined && !HEADER_NAME.test(sentAs)) {
      ctx.addIssue({ code: 'custom', path: [at], message: 'is not the name of a header' });
    }
    if (parameter.in === 'path' && sentAs !== undefined) {
      ctx.addIssue({ code: 'custom', path: [at], message: 'is not allowed for a path parameter' });
    }
    if (sentAs === '__proto__') ctx.addIssue({ code: 'custom', path: [at], message: 'is reserved' });
    if (parameter.in !== 'body' && ['file', 'object', 'json'].includes(parameter.type)) {
      ctx.addIssue({ code: 'custom', path: ['in'], message: `must be body for the type ${parameter.type}` });
    }
    if (parameter.name === '__proto__') {
      ctx.addIssue({ code: 'custom', path: ['name'], message: 'is reserved' });
    }
  });
export type ParameterInput = z.output<typeof ParameterInput>;
/** A stored parameter, which has an id. */
export const EndpointParameter = ParameterInput.safeExtend({ id: ParameterInput.shape.id.unwrap() });
export type EndpointParameter = z.output<typeof EndpointParameter>;
