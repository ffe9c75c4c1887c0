import type { Handler, Version } from './handler.queries';

/** Says which version of a handler is served: `v2 of 3`. */
export const servedText = ({ defaultVersion, latestVersion }: Handler): string =>
  defaultVersion === null
    ? 'not served'
    : `v${defaultVersion}${defaultVersion < latestVersion ? ` of ${latestVersion}` : ''}`;

/** Returns the newest of the versions that is older than the served one; null when there is none. */
export const versionBefore = <V extends Pick<Version, 'version'>>(
  { defaultVersion }: Pick<Handler, 'defaultVersion'>,
  versions: readonly V[],
): V | null =>
  versions
    .filter(({ version }) => defaultVersion !== null && version < defaultVersion)
    .toSorted((a, b) => b.version - a.version)[0] ?? null;
