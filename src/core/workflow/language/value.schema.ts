import * as z from 'zod';
import { SecretName } from '../../code/secret-name.schema';

/** Characters of one expression. */
export const EXPRESSION_CHARS = 4_000;
/** Characters of one template. */
export const TEMPLATE_CHARS = 20_000;

/** Ids of steps and names of variables: valid after `steps.` and `vars.`. */
export const WorkflowName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must be 1 to 64 letters, digits or _, starting with a letter')
  .refine((name) => name !== 'constructor' && name !== 'prototype', 'is reserved');

export const ExpressionValue = z.strictObject({ $: z.string().min(1).max(EXPRESSION_CHARS) }).meta({
  id: 'Expression',
  description:
    'A JavaScript expression over params, body, query, headers, request, auth, steps, vars, loop, error and mw',
});
export const TemplateValue = z
  .strictObject({ tpl: z.string().max(TEMPLATE_CHARS) })
  .meta({ id: 'Template', description: 'Text with {{expressions}} in it' });
const SecretValue = z
  .strictObject({ secret: SecretName })
  .meta({ id: 'Secret', description: 'The value of a secret that the endpoint lists; it is never logged' });

export type ExpressionValue = z.infer<typeof ExpressionValue>;
export type TemplateValue = z.infer<typeof TemplateValue>;
type SecretValue = z.infer<typeof SecretValue>;

/**
 * Any JSON. At any depth an object with the key `$`, or with text at `tpl` or `secret` as its only key, is a computed value.
 * `value.rules.ts` distinguishes the forms and reports malformed ones.
 */
export const Value = z.union([ExpressionValue, TemplateValue, SecretValue, z.json()]).meta({
  id: 'Value',
  description: 'A literal, {"$": "expression"}, {"tpl": "text with {{expressions}}"} or {"secret": "NAME"}',
});
export type Value = z.infer<typeof Value>;

/** Text that is a literal or computed. */
export const TextValue = z.union([z.string(), ExpressionValue, TemplateValue, SecretValue]).meta({ id: 'TextValue' });
export type TextValue = z.infer<typeof TextValue>;

/** A whole number within bounds, or an expression; a computed one is checked when the step runs. */
export const whole = (min: number, max: number) => z.union([z.int().min(min).max(max), ExpressionValue]);

/** Named values, such as the columns of a row or the fields of a query; or an expression for such an object. */
export const ValueMap = z.union([ExpressionValue, z.record(z.string().max(256), Value)]).meta({ id: 'ValueMap' });
export type ValueMap = z.infer<typeof ValueMap>;
