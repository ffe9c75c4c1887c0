import { posix } from 'node:path';
import { LANGUAGE_OF_EXTENSION } from '../../../../src/core/code/artifact.ts';
import type { FolderObject } from '../project/read-folder.ts';

type Document = Record<string, unknown>;
/** A file to write: the whole of it, or one entry of a file of entries. */
export type Placed = { file: string; text: string } | { file: string; entry: string; value: Document };

const ENTRIES: Record<string, string> = { role: 'roles.jsonc', key: 'keys.jsonc', secret: 'secrets.jsonc' };

/** Returns where an object goes that the folder does not have.  */
export function placeObject(
  kind: string,
  identity: string,
  document: Document,
  isTaken: (file: string) => boolean,
): Placed {
  const entries = ENTRIES[kind];
  if (entries !== undefined) return { file: entries, entry: identity, value: document };
  if (kind === 'table') return whole(freeName(`tables/${identity}`, 'table', isTaken), 'table', document);
  const stem = stemOf(String(document.handler));
  const beside = `handlers/${stem}.endpoint.jsonc`;
  if (isTaken(beside))
    return whole(freeName(`handlers/${fileNameOf(identity)}`, 'endpoint', isTaken), 'endpoint', document);
  const { handler: _handler, ...rest } = document;
  return whole(beside, 'endpoint', rest);
}

function whole(file: string, schema: string, document: Document): Placed {
  const up = posix.relative(posix.dirname(file), '.portico/schema');
  return { file, text: `${JSON.stringify({ $schema: `${up}/${schema}.json`, ...document }, null, 2)}\n` };
}

function stemOf(handler: string): string {
  const extension = Object.keys(LANGUAGE_OF_EXTENSION).find((one) => handler.endsWith(`.${one}`)) ?? '';
  return handler.slice(0, handler.length - extension.length - 1);
}

/** Returns the identity of an endpoint as the path of a file: `GET orders/:id` is `orders/id-get`. */
const fileNameOf = (identity: string): string => {
  const [methods, path] = identity.split(' ') as [string, string];
  return `${path.replaceAll(':', '')}-${methods.toLowerCase().replaceAll(',', '-')}`;
};

function freeName(stem: string, kind: string, isTaken: (file: string) => boolean): string {
  for (let number = 1; ; number++) {
    const file = `${stem}${number === 1 ? '' : `-${number}`}.${kind}.jsonc`;
    if (!isTaken(file)) return file;
  }
}

export const labelOf = ({ kind, identity }: Pick<FolderObject, 'kind' | 'identity'>): string => `${kind} ${identity}`;
