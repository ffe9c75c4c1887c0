import type { Handler } from './handler.queries';

/** Says which version of a handler is served: `v2 of 3`. */
export const servedText = ({ defaultVersion, latestVersion }: Handler): string =>
  defaultVersion === null
    ? 'not served'
    : `v${defaultVersion}${defaultVersion < latestVersion ? ` of ${latestVersion}` : ''}`;
