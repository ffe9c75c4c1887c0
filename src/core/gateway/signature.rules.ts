import { fromBase64, readUtf8 } from '../../kernel/encoding';
import { isObject } from '../../kernel/json.rules';
import { isSameSecret, macOf, sha256Hex } from '../../kernel/signed';
import type { HmacSignature, Signature } from '../publishing/endpoints/signature.schema';

/** A call as its sender signed it. `now` in Unix milliseconds. */
export interface SignedCall {
  /** The whole URL, as called. */
  url: string;
  header: (name: string) => string | null;
  /** Empty without a body. */
  body: Uint8Array;
  now: number;
}

/** Why a call is refused, or the identity of its event: the same for each attempt to deliver it; null: unknown. */
export type Verified = { refusal: string } | { event: string | null };

export type VerifySignature = (call: SignedCall) => Verified;

type Form = Omit<HmacSignature, 'kind' | 'secret' | 'toleranceSeconds'>;

const BODY: Form = {
  header: '',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  payload: '{body}',
  timestampHeader: null,
  idHeader: null,
};

/** Forms of senders whose repeats of an event have the same body, and no id that is signed. */
const FORMS: Record<'github' | 'shopify' | 'slack', Form> = {
  github: { ...BODY, header: 'x-hub-signature-256', prefix: 'sha256=' },
  shopify: { ...BODY, header: 'x-shopify-hmac-sha256', encoding: 'base64' },
  slack: {
    ...BODY,
    header: 'x-slack-signature',
    prefix: 'v0=',
    payload: 'v0:{timestamp}:{body}',
    timestampHeader: 'x-slack-request-timestamp',
  },
};

/** Compiles the check of signatures. Returns the reason where the secret cannot be a key of this kind. */
export function compileSignature(
  signature: NonNullable<Signature>,
  secret: string,
): VerifySignature | { unusable: string } {
  const { toleranceSeconds } = signature;
  switch (signature.kind) {
    case 'hmac':
      return compileHmac(signature, toleranceSeconds, secret, () => null);
    case 'stripe':
      return stripe(secret, toleranceSeconds);
    case 'standard':
      return standard(secret, toleranceSeconds);
    case 'twilio':
      return twilio(secret);
    default:
      return compileHmac(FORMS[signature.kind], toleranceSeconds, secret, ofBody);
  }
}

/** Returns the refusal of a call whose header lacks a signature that matches, or null. */
function compare(header: string, call: SignedCall, matches: (sent: string) => boolean): Verified | null {
  const sent = call.header(header);
  if (sent === null) return { refusal: `the header ${header} is missing` };
  return matches(sent) ? null : { refusal: `the signature in ${header} does not match` };
}

function timeIssue(header: string, sent: string | null, toleranceSeconds: number, now: number): string | null {
  if (sent === null) return `the header ${header} is missing`;
  if (!/^[0-9]{1,12}$/.test(sent)) return `the time in ${header} is not in Unix seconds`;
  const age = Math.round(now / 1000 - Number(sent));
  return Math.abs(age) <= toleranceSeconds
    ? null
    : `the time in ${header} is ${age} s ago, of ${toleranceSeconds} s allowed`;
}

/** Senders without a signed id repeat an event with the same body. */
const ofBody = ({ body }: SignedCall): string | null => (body.length === 0 ? null : sha256Hex(body));

/** `t=<seconds>,v1=<hex>,v1=<hex>`: two while a secret is replaced. A repeat has another time, and `id` in its body. */
function stripe(secret: string, toleranceSeconds: number): VerifySignature {
  const header = 'stripe-signature';
  return (call) => {
    const parts = (call.header(header) ?? '').split(',', 20).map((part) => part.trim().split('=', 2));
    const time = parts.find(([name]) => name === 't')?.[1] ?? '';
    const expected = macOf('sha256', 'hex', secret, `${time}.`, call.body);
    const refused = compare(header, call, () =>
      parts.some(([name, value]) => name === 'v1' && isSameSecret(value ?? '', expected)),
    );
    if (refused !== null) return refused;
    const stale = timeIssue(header, time, toleranceSeconds, call.now);
    return stale === null ? { event: idIn(call.body) } : { refusal: stale };
  };
}

/** Returns the `id` of a JSON object. */
function idIn(body: Uint8Array): string | null {
  try {
    const value: unknown = JSON.parse(readUtf8(body) ?? '');
    return isObject(value) && typeof value.id === 'string' ? value.id : null;
  } catch {
    return null;
  }
}

/** Standard Webhooks, and Svix under its own names: `v1,<base64>` of id, time and body, several separated by spaces. */
function standard(secret: string, toleranceSeconds: number): VerifySignature | { unusable: string } {
  const key = keyOf(secret.replace(/^whsec_/, ''));
  if (key === null) return { unusable: 'is not whsec_ and base64, as Standard Webhooks have it' };
  return (call) => {
    const prefix = call.header('webhook-id') === null && call.header('svix-id') !== null ? 'svix' : 'webhook';
    const [id, time] = [call.header(`${prefix}-id`), call.header(`${prefix}-timestamp`)];
    if (id === null) return { refusal: 'the header webhook-id is missing' };
    const stale = timeIssue(`${prefix}-timestamp`, time, toleranceSeconds, call.now);
    if (stale !== null) return { refusal: stale };
    const expected = `v1,${macOf('sha256', 'base64', key, `${id}.${time}.`, call.body)}`;
    const matches = (sent: string): boolean => sent.split(' ', 20).some((one) => isSameSecret(one, expected));
    return compare(`${prefix}-signature`, call, matches) ?? { event: id };
  };
}

function keyOf(base64: string): Uint8Array | null {
  try {
    return fromBase64(base64);
  } catch {
    return null;
  }
}

/**
 * The URL, followed by the sorted fields of a form; of another body, the URL has the hash (`bodySHA256`). The token of a repeat is not signed.
 */
function twilio(secret: string): VerifySignature {
  const header = 'x-twilio-signature';
  return (call) => {
    const hash = new URL(call.url).searchParams.get('bodySHA256');
    if (hash !== null && !isSameSecret(hash, sha256Hex(call.body)))
      return { refusal: 'the hash in bodySHA256 does not match the body' };
    const fields = hash === null ? sortedFields(new URLSearchParams(`?${readUtf8(call.body) ?? ''}`)) : '';
    const expected = macOf('sha1', 'base64', secret, call.url, fields);
    const refused = compare(header, call, (sent) => isSameSecret(sent, expected));
    return refused ?? { event: call.header('i-twilio-idempotency-token') };
  };
}

const sortedFields = (form: URLSearchParams): string =>
  [...new Set(form.keys())]
    .sort()
    .flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value))
    .join('');

/** An id counts as that of the event where it is sent, signed or not. */
function compileHmac(
  { header, algorithm, encoding, prefix, payload, timestampHeader: time, idHeader }: Form,
  toleranceSeconds: number,
  secret: string,
  otherEvent: (call: SignedCall) => string | null,
): VerifySignature {
  const parts = payload.split(/(\{(?:body|timestamp|id|url)\})/);
  return (call) => {
    const timestamp = time === null ? null : call.header(time);
    const stale = time === null ? null : timeIssue(time, timestamp, toleranceSeconds, call.now);
    if (stale !== null) return { refusal: stale };
    const id = idHeader === null ? null : call.header(idHeader);
    const values = new Map<string, string | Uint8Array>([
      ['{body}', call.body],
      ['{timestamp}', timestamp ?? ''],
      ['{id}', id ?? ''],
      ['{url}', call.url],
    ]);
    const expected = prefix + macOf(algorithm, encoding, secret, ...parts.map((part) => values.get(part) ?? part));
    return compare(header, call, (sent) => isSameSecret(sent, expected)) ?? { event: id ?? otherEvent(call) };
  };
}
