import type { Artifact } from './artifact';

/** Names by which JavaScript reaches its host, or can reach any name: its network, its tables, work after the response, other modules. */
const NAMES =
  /\b(?:fetch|tables|waitUntil|import|require|globalThis|global|self|Reflect|Proxy|eval|Function|constructor|prototype)\b|\\u/;

/**
 * Checks whether the code of an artifact may ask its host for something. A capability for the host costs a call a tenth of its processor time,
 * so code that has none of the names gets it only when it asks after all, by a name that it has put together: its call then begins again.
 */
export const mayAskHost = ({ runtime, code, libraries, workflow }: Artifact): boolean =>
  runtime !== 'javascript' || workflow !== undefined || libraries.length > 0 || NAMES.test(code);
