import type { Runtime } from '../../runtime/types';
import type { DefinitionRow } from '../../storage/definitions';
import type { Store } from '../../storage/store';
import type { Settings } from '../context';
import { open } from '../secret/seal';
import { compileDefinition, type Definition } from './definition';

interface Loader {
  store: Pick<Store, 'definition'>;
  runtime: Pick<Runtime, 'harnessVersion'>;
  settings: Settings;
}

/** Reads an endpoint's definition: one D1 batch. `previous` saves reading a version again that has not changed. */
export async function loadDefinition(
  { store, runtime, settings }: Loader,
  path: string,
  previous: Definition | null,
): Promise<Definition | null> {
  const row = await store.definition(path, previous?.bundle ? previous.handler : null);
  return row && compileDefinition(row, await openSecrets(row, settings), previous, runtime.harnessVersion);
}

/** The values that the endpoint lists and its executor may use. Others are left out: the handler finds nothing under their names. */
async function openSecrets(row: DefinitionRow, settings: Settings): Promise<Map<string, string>> {
  const roles = row.executor?.roles ?? [];
  const allowed = row.secrets.filter(
    (secret) =>
      secret.roles.length === 0 || roles.includes('admin') || secret.roles.some((role) => roles.includes(role)),
  );
  const opened = allowed.map(async ({ name, version, iv, ciphertext }): Promise<[string, string]> => [
    name,
    await open(settings, name, version, { iv, ciphertext }),
  ]);
  return new Map(await Promise.all(opened));
}
