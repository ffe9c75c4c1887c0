import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { compileSignature, type SignedCall } from '../../../src/core/gateway/signature.rules';
import { Signature } from '../../../src/core/publishing/endpoints/signature.schema';
import { sha256Hex } from '../../../src/kernel/signed';
import recorded from '../../fixtures/webhooks.json' with { type: 'json' };

const compile = (input: object, secret: string) => {
  const verify = compileSignature(Signature.parse({ secret: 'S', ...input })!, secret);
  if (typeof verify !== 'function') throw new Error(verify.unusable);
  return verify;
};

interface Sample {
  kind: string;
  sdk: string;
  secret: string;
  body: string;
  time: number;
  url?: string;
  headers: Record<string, string | undefined>;
  event: string | null;
}
const callOf = ({ headers, body, time, url = 'https://portico.test/u/webhook' }: Sample): SignedCall => ({
  url,
  header: (name) => headers[name] ?? null,
  body: new TextEncoder().encode(body),
  now: time * 1000,
});

/** Calls as the senders' own libraries signed them. */
describe.each(recorded as Sample[])('a call signed by $sdk ($kind)', (sample) => {
  const { kind, secret, body, time, headers, event } = sample;
  const verify = compile({ kind }, secret);
  const call = callOf(sample);
  const timed = 'stripe slack standard'.includes(kind);

  test('is accepted, with the event that its repeats have too', () => {
    expect(verify(call)).toEqual({ event: event === 'body' ? sha256Hex(body) : event });
  });
  test.each([
    ['another body', { body: `${body} ` }],
    ['another secret', { secret: 'd2hzZWNfb3RoZXI=' }],
    ['no headers', { headers: {} }],
    ['empty headers', { headers: Object.fromEntries(Object.keys(headers).map((name) => [name, ''])) }],
  ])('is refused with %s', (_, change) => {
    const changed = { ...sample, ...change };
    // A body that Twilio reads as a form, or not at all, is signed by its fields or by its hash.
    const check = compile({ kind }, changed.secret);
    expect(check(callOf(changed))).toEqual({ refusal: expect.any(String) });
  });
  test.runIf(timed)('is refused once it is older, or more from the future, than the tolerance', () => {
    const at = (seconds: number) => verify({ ...call, now: (time + seconds) * 1000 });
    expect([300, -300].map((seconds) => 'event' in at(seconds))).toEqual([true, true]);
    expect([301, -301, 9_000_000].map((seconds) => 'refusal' in at(seconds))).toEqual([true, true, true]);
  });
});

describe('a sender of its own', () => {
  const own = {
    kind: 'hmac',
    header: 'x-sig',
    algorithm: 'sha512',
    encoding: 'base64',
    prefix: 'k1:',
    payload: '{id}\n{timestamp}\n{url}\n{body}',
    timestampHeader: 'x-time',
    idHeader: 'x-id',
  };
  const sample: Sample = { kind: 'hmac', sdk: '', secret: 's', body: '{body}', time: 100, headers: {}, event: null };
  const sign = (text: string) => `k1:${createHmac('sha512', 's').update(text).digest('base64')}`;

  test('signs what its payload has, and its id is the event', () => {
    const text = '7\n100\nhttps://portico.test/u/webhook\n{body}';
    const headers = { 'x-id': '7', 'x-time': '100', 'x-sig': sign(text) };
    expect(compile(own, 's')(callOf({ ...sample, headers }))).toEqual({ event: '7' });
    expect(compile(own, 's')(callOf({ ...sample, headers: { ...headers, 'x-id': '8' } }))).toHaveProperty('refusal');
  });
  test('signs the body by default, of which a repeat is not told apart', () => {
    const headers = { 'x-sig': createHmac('sha256', 's').update('{body}').digest('hex') };
    expect(compile({ kind: 'hmac', header: 'x-sig' }, 's')(callOf({ ...sample, headers }))).toEqual({ event: null });
  });
});

test('a secret that Standard Webhooks cannot have is named, not its value', () => {
  expect(compileSignature(Signature.parse({ kind: 'standard', secret: 'S' })!, 'whsec_$')).toEqual({
    unusable: 'is not whsec_ and base64, as Standard Webhooks have it',
  });
});
