import { ApiError } from '../../kernel/errors';
import type { CallContext } from './call';
import type { VerifySignature } from './signature.rules';

const NO_BODY = new Uint8Array();

/** Checks the signature of a call over its bytes as sent, and notes its event. Throws 401 `invalid_signature`; the run has the reason. */
export function verifySignature(call: CallContext, verify: VerifySignature, now: number): void {
  const { origin, path, query, headers } = call.request;
  const verified = verify({
    url: `${origin}${path}${query === '' ? '' : `?${query}`}`,
    header: (name) => headers.get(name),
    body: call.body === null ? NO_BODY : new Uint8Array(call.body),
    now,
  });
  if ('refusal' in verified)
    throw new ApiError('invalid_signature', 'The signature of this call is missing, invalid or too old.', {
      headers: { 'www-authenticate': 'Signature' },
      forRun: verified.refusal,
    });
  call.event = verified.event;
}
