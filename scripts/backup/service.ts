/** Requests of `npm run backup` and `npm run restore` to the admin API of a service, signed in as an admin. */
export interface BackupService {
  send: (method: string, path: string, body?: object | Uint8Array) => Promise<Uint8Array>;
}

export interface Part {
  name: string;
  size: number;
}
/** The manifest of a backup, as the service made it: a restore hands it back as it is. */
export interface Manifest {
  id: string;
  at: string;
  origin: string;
  parts: Part[];
}
export interface FileEntry {
  key: string;
  size: number;
  owner: string;
}
/** Result of a restore. */
export interface Report {
  incarnation: number;
  sessionsEnded: number;
  returned: { kind: string; id: string; name: string; was: string }[];
  more: number;
}

/** One request of a backup: a page of a part as it came, or the content of a file. */
export interface Piece {
  part: string;
  /** Of a file. */
  owner?: string;
  bytes: Uint8Array;
}

const read = <T>(bytes: Uint8Array): T => JSON.parse(new TextDecoder().decode(bytes)) as T;

/** Signs a service in, and again when a session has ended: a backup may take longer than a token lasts. */
export function openService(
  fetchService: typeof fetch,
  origin: string,
  { name, password }: { name: string; password: string },
): BackupService {
  let token = '';
  const ask = (method: string, path: string, body?: object | Uint8Array): Promise<Response> =>
    fetchService(`${origin}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && {
          'content-type': body instanceof Uint8Array ? 'application/octet-stream' : 'application/json',
        }),
      },
      ...(body !== undefined && {
        body: body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
      }),
    });
  const expect = async (request: string, response: Response): Promise<Uint8Array> => {
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (response.ok) return bytes;
    throw new Error(`${request} answered ${response.status}: ${reasonOf(bytes)}`);
  };
  const signIn = async (): Promise<void> => {
    const response = await ask('POST', '/admin/session', { name, password });
    token = read<{ accessToken: string }>(await expect(`Signing in as ${name}`, response)).accessToken;
  };
  return {
    send: async (method, path, body) => {
      if (token === '') await signIn();
      let response = await ask(method, path, body);
      if (response.status === 401) {
        await signIn();
        response = await ask(method, path, body);
      }
      return expect(`${method} ${path.split('?')[0]}`, response);
    },
  };
}

function reasonOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  try {
    const {
      code,
      detail,
      errors = [],
    } = JSON.parse(text) as { code: string; detail: string; errors?: { pointer: string; message: string }[] };
    return errors.length > 0
      ? errors.map(({ pointer, message }) => `\n  ${pointer.replace('#/', '')} ${message}`).join('')
      : `${code}: ${detail}`;
  } catch {
    return text.slice(0, 200);
  }
}

/** Takes a backup: yields every page of every part, and then the files. Deletes the snapshot at the end. */
export async function* readBackup(
  service: BackupService,
  begun: (manifest: Manifest) => unknown,
): AsyncGenerator<Piece> {
  const manifest = read<Manifest>(await service.send('POST', '/admin/backups', {}));
  await begun(manifest);
  const get = (part: string, more: Record<string, string> = {}): Promise<Uint8Array> =>
    service.send('GET', `/admin/backups/${manifest.id}/part?${new URLSearchParams({ part, ...more }).toString()}`);
  try {
    for (const { name, size } of manifest.parts) {
      let after: string | null = '';
      while (after !== null) {
        const bytes: Uint8Array = await get(name, { after, last: String(size) });
        const page = read<{ next: string | number | null; files?: FileEntry[] }>(bytes);
        if (page.files === undefined) yield { part: name, bytes };
        for (const { key, owner } of page.files ?? [])
          yield { part: `file:${key}`, owner, bytes: await get(`file:${key}`) };
        after = page.next === null ? null : String(page.next);
      }
    }
  } finally {
    await service.send('DELETE', `/admin/backups/${manifest.id}`);
  }
}

export interface RestoreWishes {
  replace: boolean;
  otherSecrets: string[];
}

/** Restores a backup: nothing in use changes before the last request, but for files and runs, which are added. */
export async function writeBackup(
  service: BackupService,
  manifest: Manifest,
  wishes: RestoreWishes,
  pieces: AsyncIterable<Piece> | Iterable<Piece>,
): Promise<Report> {
  const { id } = read<{ id: string }>(await service.send('POST', '/admin/restores', { backup: manifest, ...wishes }));
  for await (const { part, owner = '', bytes } of pieces)
    await service.send('PUT', `/admin/restores/${id}/part?${new URLSearchParams({ part, owner }).toString()}`, bytes);
  return read<Report>(await service.send('POST', `/admin/restores/${id}/finish`));
}
