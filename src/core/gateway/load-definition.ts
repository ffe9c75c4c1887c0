import type { Runtime } from '../../runtime/types';
import type { DefinitionRow } from '../../storage/definitions';
import type { Store } from '../../storage/store';
import type { Settings } from '../access/settings';
import { completeRules } from '../publishing/endpoints/apply-rules';
import { open } from '../publishing/secrets/seal';
import { isOpenTo } from '../publishing/secrets/secret.rules';
import type { CompleteRow } from './bundle';
import { compileDefinition, type Definition, type OpenedSecrets } from './definition';

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
  const found = await store.definition(path, previous?.bundle ? previous.handler : null);
  if (!found) return null;
  const row: CompleteRow = { ...found, endpoint: completeRules(found.endpoint) };
  return compileDefinition(row, await openSecrets(row, settings), previous, runtime.harnessVersion);
}

/** Decrypts the secrets that the endpoint lists, or returns why one is unavailable: then no call runs. */
async function openSecrets({ endpoint, executor, secrets }: CompleteRow, settings: Settings): Promise<OpenedSecrets> {
  const roles = executor?.roles ?? [];
  const env = new Map<string, string>();
  const lacking: string[] = [];
  for (const name of endpoint.rules.secrets) {
    const secret = secrets.find((each) => each.name === name);
    const allowed = secret && isOpenTo(secret, roles);
    const value = allowed ? await openOrNull(settings, secret) : null;
    if (value !== null) env.set(name, value);
    else if (!secret) lacking.push(`the secret ${name} does not exist`);
    else if (!allowed) lacking.push(`the roles of the executor do not permit the secret ${name}`);
    else
      lacking.push(
        `the secret ${name} cannot be decrypted: it may have been stored under another SECRETS_KEY, so store its value again`,
      );
  }
  return { env, lacking };
}

/** Returns null when the value was encrypted under another key, which shows only on decryption. */
async function openOrNull(
  settings: Settings,
  { name, version, iv, ciphertext }: DefinitionRow['secrets'][number],
): Promise<string | null> {
  try {
    return await open(settings, name, version, { iv, ciphertext });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return null;
    throw error;
  }
}
