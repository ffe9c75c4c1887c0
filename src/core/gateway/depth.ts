import type { Settings } from '../access/settings';
import { ApiError } from '../../kernel/errors';
import { createSigner } from '../../kernel/signed';

/** Header of requests that handlers send, so that endpoints which call each other in a loop come to an end. */
export const DEPTH_HEADER = 'x-portico-depth';
const MAX_DEPTH = 3;
/** The longest time of a call, with the work after its response: every upstream sees the header, so it expires. */
const GOOD_SECONDS = 6 * 60;

const FORM = /^(?<text>(?<depth>[0-9]{1,2})\.(?<end>[0-9]{1,12}))\.(?<mac>[0-9a-f]{32})$/;

const signer = createSigner('depth', 'hex', 32);

/**
 * Returns `<n>.<end>.<mac>`: n calls of Portico led to this request, valid until `end` in Unix seconds. Signed, because a handler could
 * otherwise reset the count.
 */
export function signDepth(settings: Pick<Settings, 'keyPepper'>, depth: number, now: number): string {
  const text = `${depth}.${Math.floor(now / 1000) + GOOD_SECONDS}`;
  return `${text}.${signer.sign(settings.keyPepper ?? '', text)}`;
}

/** Returns the depth of a call. A header that is not signed here or has expired counts as depth 0. Throws 508 `loop_detected` beyond 3. */
export function readDepth(settings: Pick<Settings, 'keyPepper'>, header: string | null, now: number): number {
  const { keyPepper } = settings;
  const parts = FORM.exec(header ?? '')?.groups;
  if (keyPepper === null || parts === undefined) return 0;
  const { text = '', depth = '', end = '', mac = '' } = parts;
  if (!signer.verify(keyPepper, text, mac) || Number(end) * 1000 <= now) return 0;
  if (Number(depth) > MAX_DEPTH)
    throw new ApiError('loop_detected', `This call is more than ${MAX_DEPTH} endpoints deep. Do they call each other?`);
  return Number(depth);
}
