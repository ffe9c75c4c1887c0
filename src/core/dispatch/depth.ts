import { createHmac } from 'node:crypto';
import type { Settings } from '../context';
import { Fault } from '../errors';

/** Carried by requests that handlers send, so that endpoints calling each other in a circle come to an end. */
export const DEPTH_HEADER = 'x-portico-depth';
const MAX_DEPTH = 3;

/** `<n>.<mac>`: n calls of Portico stand behind a request. Signed, because a handler could count from zero again. */
export function signDepth(settings: Pick<Settings, 'keyPepper'>, depth: number): string {
  return `${depth}.${mac(settings, depth)}`;
}

/** How deep a call is. What is not signed here counts as none. 508 `loop_detected` beyond three. */
export function readDepth(settings: Pick<Settings, 'keyPepper'>, header: string | null): number {
  const match = header === null || settings.keyPepper === null ? null : /^([0-9]{1,2})\.([0-9a-f]{32})$/.exec(header);
  const depth = match && mac(settings, Number(match[1])) === match[2] ? Number(match[1]) : 0;
  if (depth > MAX_DEPTH)
    throw new Fault('loop_detected', `This call is more than ${MAX_DEPTH} endpoints deep. Do they call each other?`);
  return depth;
}

const mac = (settings: Pick<Settings, 'keyPepper'>, depth: number): string =>
  createHmac('sha256', settings.keyPepper ?? '')
    .update(`depth ${depth}`)
    .digest('hex')
    .slice(0, 32);
