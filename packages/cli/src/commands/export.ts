import { renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { sha256Hex } from '../../../../src/kernel/signed.ts';
import { normalSource } from '../../../../src/core/projects/documents/documents.ts';
import type { BuiltFiles } from '../../../../src/core/publishing/handlers/source-files.schema.ts';
import type { Command } from '../command.ts';
import { objectsOf } from '../export/choose-objects.ts';
import { renderExport, type ExportContent, type ExportedObject } from '../export/export-file.ts';
import { EXIT, Failure } from '../failure.ts';
import type { Service } from '../service/client.ts';
import { openSignedIn } from '../service/sign-in.ts';
import { originOf, url } from './login.ts';
import { listAll } from './values.ts';

export const exportAll: Command = {
  args: '<file>',
  count: [1, 1],
  about:
    'Writes all definitions of a service to a file with a checksum: roles, tables, secrets and keys without their values, handlers with their\n' +
    'files, endpoints. portico import makes them in another service. Not in it: rows, people, tokens, runs, graphs, files.',
  options: {
    url,
    folder: { type: 'string', value: 'folder', help: 'Only endpoints of this folder and below, and what they name' },
  },
  run: async (call) => {
    const origin = originOf(call);
    const service = await openSignedIn(origin, call.folder);
    const folder = call.text('folder') ?? null;
    const all = await listAll<ExportedObject>(service, '/admin/export');
    const chosen = folder === null ? all : objectsOf(all, folder);
    if (chosen.length === 0)
      throw new Failure(folder === null ? `${origin} has nothing to export` : `no endpoint in ${folder}`);
    const texts: Record<string, string> = {};
    const objects: ExportedObject[] = [];
    for (const object of chosen)
      objects.push(object.kind === 'handler' ? await readHandler(service, object, texts) : object);
    const content: ExportContent = {
      format: 'portico-export-1',
      origin,
      exportedAt: new Date().toISOString(),
      folder,
      objects,
      texts,
    };
    const file = resolve(call.folder, call.args[0]!);
    const draft = `${file}.${process.pid}.new`;
    writeFileSync(draft, renderExport(content), { mode: 0o600 });
    renameSync(draft, file);
    call.io.say(`Wrote ${objects.length} objects to ${call.args[0]}.`);
    if (folder !== null)
      call.io.note(
        'Tables, and handlers that steps of workflows call, are not among what an endpoint names: export all for these.',
      );
    call.io.result({ file, objects: objects.map(({ kind, identity }) => ({ kind, identity })) });
    return EXIT.done;
  },
};

/** Reads the source of a handler, or its files and what was built of them, into `texts`. */
async function readHandler(
  service: Service,
  object: ExportedObject,
  texts: Record<string, string>,
): Promise<ExportedObject> {
  const at = object.identity.split('/').map(encodeURIComponent).join('/');
  const { files, built } = await service.json<{ files: { source: string }[]; built: Built | null }>(
    'GET',
    `/admin/by-path/handler-files/${at}?built=true`,
  );
  const keep = (text: string): string => {
    const hash = sha256Hex(text);
    texts[hash] = text;
    return hash;
  };
  const hashes = files.map(({ source }) => keep(normalSource(source)));
  if (built === null) return { ...object, sha256: hashes[0]! };
  const { document, module } = built;
  return { ...object, document, built: module && { code: keep(module.code), map: keep(module.map) } };
}

type Built = Pick<BuiltFiles, 'document' | 'module'>;
