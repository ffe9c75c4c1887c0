import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { findSet, type PackageSet } from '../../src/core/code/package-set.ts';
import { readScriptMetadata } from '../../src/core/code/script-metadata.rules.ts';
import type { AdminClient } from '../admin-client.ts';

/** Placeholder in an endpoint.json for the id of the key of the examples. */
const KEY_PLACEHOLDER = '$EXAMPLE_KEY';
const KEY_ALIAS = 'Examples';

/**
 * One folder of examples/: the settings of its endpoint, as POST /admin/endpoints accepts them, the source of its handler, and values for its
 * secrets, for local use only.
 */
export interface Example {
  name: string;
  source: string;
  secrets: Record<string, string>;
  settings: { path: string; title: string; handler: { path: string }; access: { level: string; keys?: string[] } };
}
interface PublishedEndpoint {
  id: string;
  path: string;
  access: { keys: string[] };
}
export interface ExampleKey {
  id: string;
  value: string;
}

/** File with the package sets of the last build. */
const SETS = 'dist/assets/python/sets/index.json';

/** Returns whether a source declares no packages, or packages that a set of the last build has. */
function hasPackages(source: string): boolean {
  const metadata = readScriptMetadata(source);
  if (metadata.kind !== 'declared') return true;
  const sets = existsSync(SETS) ? (readJson(SETS) as PackageSet[]) : [];
  return findSet(sets, metadata.requires) !== null;
}

/**
 * Reads every folder with an endpoint.json whose handler has its packages. A handler's path in Portico is its path in this repository.
 */
export function readExamples(folder = 'examples'): Example[] {
  return readdirSync(folder)
    .toSorted()
    .filter((name) => existsSync(`${folder}/${name}/endpoint.json`))
    .map((name) => {
      const settings = readJson(`${folder}/${name}/endpoint.json`) as Example['settings'];
      const secretsFile = `${folder}/${name}/secrets.json`;
      const secrets = existsSync(secretsFile) ? (readJson(secretsFile) as Example['secrets']) : {};
      return { name, settings, secrets, source: readFileSync(settings.handler.path, 'utf8') };
    })
    .filter(({ settings, source }) => !settings.handler.path.endsWith('.py') || hasPackages(source));
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Creates the key of the examples, or replaces its value: all endpoints that accept it continue to do so. */
export async function renewKey(client: AdminClient): Promise<ExampleKey> {
  const keys = await client.list<{ id: string; alias: string }>('/admin/keys?limit=100');
  const known = keys.find(({ alias }) => alias === KEY_ALIAS);
  const { id, key } = known
    ? await client.patch<{ id: string; key: string }>(`/admin/keys/${known.id}`, {
        key: true,
        active: true,
        expiresAt: null,
      })
    : await client.post<{ id: string; key: string }>('/admin/keys', { alias: KEY_ALIAS });
  return { id, value: key };
}

/** Publishes the missing examples and leaves existing ones unchanged. Returns the paths of the new ones. */
export async function publishMissing(client: AdminClient, examples: Example[], keyId: string): Promise<string[]> {
  const published: string[] = [];
  const known = new Set((await client.list<{ name: string }>('/admin/secrets?limit=100')).map(({ name }) => name));
  for (const { source, settings, secrets } of examples) {
    if (await findEndpoint(client, settings.path)) continue;
    const path = settings.handler.path;
    const handlers = await client.list(`/admin/handlers?path=${encodeURIComponent(path)}`);
    if (handlers.length === 0) await client.post('/admin/handlers', { path, source, note: 'An example of Portico' });
    for (const [name, value] of Object.entries(secrets)) {
      if (!known.has(name)) await client.put(`/admin/secrets/${name}`, { value, description: 'Of an example' });
    }
    const keys = settings.access.keys?.map((key) => (key === KEY_PLACEHOLDER ? keyId : key));
    await client.post('/admin/endpoints', { ...settings, access: { ...settings.access, ...(keys ? { keys } : {}) } });
    published.push(settings.path);
  }
  return published;
}

/** Adds the key to those examples that use it. */
export async function bindKey(client: AdminClient, examples: Example[], keyId: string): Promise<void> {
  for (const { settings } of examples) {
    if (!settings.access.keys?.includes(KEY_PLACEHOLDER)) continue;
    const endpoint = await findEndpoint(client, settings.path);
    if (!endpoint || endpoint.access.keys.includes(keyId)) continue;
    await client.patch(`/admin/endpoints/${endpoint.id}`, { access: { keys: [...endpoint.access.keys, keyId] } });
  }
}

async function findEndpoint(client: AdminClient, path: string): Promise<PublishedEndpoint | undefined> {
  const [endpoint] = await client.list<PublishedEndpoint>(`/admin/endpoints?path=${encodeURIComponent(path)}`);
  return endpoint;
}

/** The example that a start calls, and that the curl of its summary calls. */
export const SHOWN = { path: 'names-table', body: '{"name1":"Ada","name2":"Grace"}' } as const;

export interface ExampleAnswer {
  status: number;
  body: string;
}

/** Calls the shown example as the curl of the summary does. */
export async function callShown(origin: string, key: string): Promise<ExampleAnswer> {
  const response = await fetch(`${origin}/u/${SHOWN.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: SHOWN.body,
  });
  return { status: response.status, body: await response.text() };
}
