import type { Settings } from '../access/settings';
import { ApiError } from '../../kernel/errors';
import { createSigner } from '../../kernel/signed';

/** Carried by requests that handlers send, so that endpoints calling each other in a circle come to an end. */
export const DEPTH_HEADER = 'x-portico-depth';
const MAX_DEPTH = 3;
/** As long as a call may take, with the work after its answer: every upstream sees the header, and is not to keep it. */
const GOOD_SECONDS = 6 * 60;

const FORM = /^(?<text>(?<depth>[0-9]{1,2})\.(?<end>[0-9]{1,12}))\.(?<mac>[0-9a-f]{32})$/;

const signer = createSigner('depth', 'hex', 32);

/**
 * `<n>.<end>.<mac>`: a request comes after n calls of Portico, which counts until `end`, in Unix seconds. Signed, because a handler could
 * start again from zero.
 */
export function signDepth(settings: Pick<Settings, 'keyPepper'>, depth: number, now: number): string {
  const text = `${depth}.${Math.floor(now / 1000) + GOOD_SECONDS}`;
  return `${text}.${signer.sign(settings.keyPepper ?? '', text)}`;
}

/** How deep a call is. A header that is not signed here or has ended counts as depth 0. 508 `loop_detected` beyond three. */
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
