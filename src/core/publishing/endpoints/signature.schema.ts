import * as z from 'zod';
import { SecretName } from '../../code/secret-name.schema';

const HeaderName = z.string().regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'must be the name of a header, in lower case');

const SIGNED = {
  secret: SecretName.meta({ description: 'Name of the secret, one of `secrets`, with which the sender signs' }),
  toleranceSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .meta({ description: 'Age beyond which a call is refused, where its time is signed' })
    .default(300),
};

const Preset = z.strictObject({
  kind: z.enum(['github', 'shopify', 'slack', 'standard', 'stripe', 'twilio']),
  ...SIGNED,
});

const Hmac = z.strictObject({
  kind: z.literal('hmac'),
  ...SIGNED,
  header: HeaderName.meta({ description: 'The header with the signature' }),
  algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  prefix: z.string().max(32).meta({ description: 'Text before the signature, such as `sha256=`' }).default(''),
  payload: z
    .string()
    .min(1)
    .max(200)
    .meta({
      description: 'Signed text, with `{body}`, `{timestamp}`, `{id}` and `{url}` in the places of their values',
    })
    .default('{body}'),
  timestampHeader: HeaderName.nullable()
    .meta({ description: 'The header with the time in Unix seconds, for `{timestamp}`' })
    .default(null),
  idHeader: HeaderName.nullable()
    .meta({ description: 'The header with the id of the event: a repeat gets the first answer' })
    .default(null),
});
export type HmacSignature = z.output<typeof Hmac>;

/** How calls of an endpoint are signed by their sender. */
export const Signature = z
  .discriminatedUnion('kind', [Preset, Hmac])
  .nullable()
  .meta({ description: 'Admits only calls that the sender of a webhook has signed' });
export type Signature = z.output<typeof Signature>;
