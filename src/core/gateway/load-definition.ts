import type { Runtime } from '../../runtime/types';
import type { DefinitionRow, KnownVersion } from '../../storage/definitions';
import type { RouteRow } from '../../storage/routes';
import type { Store } from '../../storage/store';
import type { Settings } from '../access/settings';
import { completeRules } from '../publishing/endpoints/apply-rules';
import { rootOf } from '../publishing/endpoints/endpoint-path.rules';
import { open } from '../access/seal';
import { isOpenTo } from '../publishing/secrets/secret.rules';
import { compileRoutes, type Router } from './router.rules';
import type { CompleteRow } from './bundle';
import { compileDefinition, type Definition, type OpenedSecrets } from './definition';

interface Loader {
  store: Pick<Store, 'definitions'>;
  runtime: Pick<Runtime, 'harnessVersion'>;
  settings: Settings;
}

/**
 * Reads an endpoint's definition, and the routes of its first segment for `fillRoutes`: one D1 batch. `previous` saves reading a version again
 * that has not changed.
 */
export async function loadDefinition(
  loader: Loader,
  id: string,
  previous: Definition | null,
  asOf: number,
  fillRoutes: (root: string, router: Router) => void = () => undefined,
): Promise<Definition | null> {
  const { routes, definition } = await loader.store.definitions.get(id, knownVersion(previous));
  const router = toRouter(routes);
  if (router !== null) fillRoutes(rootOf(routes[0]!.path), router);
  return definition && compile(loader, definition, previous, asOf);
}

/** The definitions in memory, which routes come with. */
interface KnownDefinitions {
  peek: (id: string) => Definition | null;
  fill: (id: string, definition: Definition) => void;
}

/** Reads the routes of a first segment, or returns null where it has none. The definition of a single endpoint comes along: one D1 batch. */
export async function loadRoutes(
  loader: Loader,
  root: string,
  previous: Router | null,
  asOf: number,
  { peek, fill }: KnownDefinitions,
): Promise<Router | null> {
  const known = previous?.only ? peek(previous.only) : null;
  const { routes, definition } = await loader.store.definitions.ofRoot(root, knownVersion(known));
  if (definition !== null) fill(definition.endpoint.id, await compile(loader, definition, known, asOf));
  return toRouter(routes);
}

const knownVersion = (previous: Definition | null): KnownVersion | null => (previous?.bundle ? previous.handler : null);

const toRouter = (rows: readonly RouteRow[]): Router | null => (rows.length === 0 ? null : compileRoutes(rows));

async function compile(
  { runtime, settings }: Loader,
  found: DefinitionRow,
  previous: Definition | null,
  asOf: number,
): Promise<Definition> {
  const row: CompleteRow = { ...found, endpoint: completeRules(found.endpoint) };
  return compileDefinition(row, await openSecrets(row, settings), previous, runtime.harnessVersion, settings, asOf);
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
    else if (!secret) lacking.push(`the secret ${name} does not exist, or has no value yet`);
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
