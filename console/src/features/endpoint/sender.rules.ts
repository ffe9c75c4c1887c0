import { fromDigits } from '../../kit/text-values.rules';
import type { Endpoint } from './endpoint.queries';

type Signature = NonNullable<Endpoint['access']['signature']>;

/** A sender of webhooks: where it shows its signing secret, and what it needs of the endpoint. */
interface Sender {
  value: Signature['kind'];
  label: string;
  hint: string;
  /** True where the time is signed, so that an age can be refused. */
  isTimed: boolean;
}

export const SENDERS: readonly Sender[] = [
  {
    value: 'github',
    label: 'GitHub',
    hint: 'The secret of the webhook, under Settings → Webhooks. Content type application/json',
    isTimed: false,
  },
  {
    value: 'shopify',
    label: 'Shopify',
    hint: 'The client secret of the app, or that of Settings → Notifications → Webhooks',
    isTimed: false,
  },
  {
    value: 'slack',
    label: 'Slack',
    hint: 'The signing secret of the app, under Basic Information',
    isTimed: true,
  },
  {
    value: 'standard',
    label: 'Standard Webhooks, Svix',
    hint: 'The secret of the destination: whsec_ and base64',
    isTimed: true,
  },
  {
    value: 'stripe',
    label: 'Stripe',
    hint: 'The signing secret of the destination: whsec_…',
    isTimed: true,
  },
  {
    value: 'twilio',
    label: 'Twilio',
    hint: 'The auth token of the account. Twilio signs the URL: its host must be one of this service',
    isTimed: false,
  },
  {
    value: 'hmac',
    label: 'Another sender, by an HMAC',
    hint: 'A secret that both know; the fields below say what is signed and where the signature is',
    isTimed: true,
  },
];

export const senderOf = (kind: Signature['kind']): Sender => SENDERS.find(({ value }) => value === kind)!;

/** A signature as a form edits it. `none`: calls need none. */
export interface SignatureValues {
  kind: Signature['kind'] | 'none';
  secret: string;
  toleranceSeconds: string;
  header: string;
  algorithm: 'sha1' | 'sha256' | 'sha512';
  encoding: 'hex' | 'base64';
  prefix: string;
  payload: string;
  timestampHeader: string;
  idHeader: string;
}

const NO_SIGNATURE: SignatureValues = {
  kind: 'none',
  secret: '',
  toleranceSeconds: '300',
  header: '',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  payload: '{body}',
  timestampHeader: '',
  idHeader: '',
};

export function toSignatureValues(signature: Signature | null): SignatureValues {
  if (signature === null) return NO_SIGNATURE;
  const signed = { ...NO_SIGNATURE, ...signature, toleranceSeconds: String(signature.toleranceSeconds) };
  return { ...signed, timestampHeader: signed.timestampHeader ?? '', idHeader: signed.idHeader ?? '' };
}

export function fromSignatureValues(values: SignatureValues): Signature | null {
  const { kind, secret } = values;
  if (kind === 'none') return null;
  const signed = { secret, toleranceSeconds: fromDigits(values.toleranceSeconds) };
  if (kind !== 'hmac') return { kind, ...signed };
  const { header, algorithm, encoding, prefix, payload, timestampHeader, idHeader } = values;
  return {
    kind,
    ...signed,
    header,
    algorithm,
    encoding,
    prefix,
    payload,
    timestampHeader: timestampHeader || null,
    idHeader: idHeader || null,
  };
}
