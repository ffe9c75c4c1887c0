import { sql } from 'drizzle-orm';
import type { Artifact } from '../core/code/artifact';
import { utf8Length } from '../kernel/encoding';
import { handlerVersions } from './schema';

/** Stands for code that is the source itself: a large source and its copy would have more bytes than D1 allows in a row. */
const SAME_AS_SOURCE = '@source';
/** Bytes from which code is stored once. Smaller versions are stored as earlier releases read them. */
const LARGE_BYTES = 500_000;

interface Version {
  source: string;
  artifact: Artifact;
}

/** Returns a version as it is stored. */
export const packVersion = <V extends Version>(version: V): V =>
  version.artifact.code === version.source && utf8Length(version.source) > LARGE_BYTES
    ? { ...version, artifact: { ...version.artifact, code: SAME_AS_SOURCE } }
    : version;

/** Returns a stored version with its code. */
export const unpackVersion = <V extends Version>(version: V): V =>
  version.artifact.code === SAME_AS_SOURCE
    ? { ...version, artifact: { ...version.artifact, code: version.source } }
    : version;

/** Returns the bytes of source and artifact in a row. */
export function bytesOfVersion(version: Version): number {
  const { source, artifact } = packVersion(version);
  return utf8Length(source) + utf8Length(JSON.stringify(artifact));
}

/** The source where it is the code as well, otherwise null. An artifact begins with its runtime, form and code; quotes in code are escaped. */
export const codeInSource = sql<string | null>`case
  when instr(substr(${handlerVersions.artifact}, 1, 200), ${`"code":"${SAME_AS_SOURCE}"`}) > 0 then ${handlerVersions.source} end`;

/** Returns the JSON text of an artifact with its code. Not in SQL, where a text may have no more bytes than a row. */
export const withCode = (artifact: string | null, code: string | null): string | null =>
  artifact === null || code === null ? artifact : JSON.stringify({ ...(JSON.parse(artifact) as Artifact), code });
