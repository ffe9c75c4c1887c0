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

/** A refusal of the service. */
export class ServiceError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** One request of a backup: a page of a part as it came, or the content of a file. */
export interface Piece {
  part: string;
  /** Of a file. */
  owner?: string;
  bytes: Uint8Array;
}

const read = <T>(bytes: Uint8Array): T => JSON.parse(new TextDecoder().decode(bytes)) as T;

/** Milliseconds before each repeat of a request that the service or the way to it failed. */
const RETRY_MS = [1000, 4000, 15_000];

/**
 * Signs a service in, and again when a session has ended: a backup may take longer than a token lasts. Repeats requests that fail on their
 * way, and those that the service cannot answer at the moment: all of a backup and of a restore may be repeated.
 */
export function openService(
  fetchService: typeof fetch,
  origin: string,
  { name, password }: { name: string; password: string },
  retryMs: readonly number[] = RETRY_MS,
): BackupService {
  let token = '';
  const ask = async (method: string, path: string, body?: object | Uint8Array): Promise<Response> => {
    for (const pause of retryMs) {
      const response = await askOnce(method, path, body).catch(() => null);
      if (response !== null && response.status < 502) return response;
      await response?.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return askOnce(method, path, body);
  };
  const askOnce = (method: string, path: string, body?: object | Uint8Array): Promise<Response> =>
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
    throw new ServiceError(`${request} answered ${response.status}: ${reasonOf(bytes)}`, response.status);
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

interface Issue {
  pointer: string;
  code: string;
  message: string;
}

/** Options of the command by the codes of issues that they permit. */
const OPTIONS: Record<string, string> = { not_empty: '--replace', other_secret: '--other-secrets' };

const optionFor = ({ code }: Issue): string => (OPTIONS[code] === undefined ? '' : ` The option is ${OPTIONS[code]}.`);

function reasonOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  try {
    const { code, detail, errors = [] } = JSON.parse(text) as { code: string; detail: string; errors?: Issue[] };
    return errors.length > 0
      ? errors.map((issue) => `\n  ${issue.pointer.replace('#/', '')} ${issue.message}${optionFor(issue)}`).join('')
      : `${code}: ${detail}`;
  } catch {
    return text.slice(0, 200);
  }
}

/** Begins a backup: the service takes a snapshot, in the place of an earlier one. */
export const beginBackup = async (service: BackupService): Promise<Manifest> =>
  read<Manifest>(await service.send('POST', '/admin/backups', {}));

/** Checks whether the service still has the snapshot of a backup. */
export async function hasSnapshot(service: BackupService, { id, parts }: Manifest): Promise<boolean> {
  try {
    await service.send('GET', `/admin/backups/${id}/part?${new URLSearchParams({ part: parts[0]!.name }).toString()}`);
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return false;
    throw error;
  }
}

/** Position in a backup: the part, and the last item of it that is stored. */
interface Position {
  part: string;
  /** Null: the part is complete. */
  after: string | null;
}

/** Returns where a backup goes on after a piece. */
function positionAfter({ part, bytes }: Piece): Position {
  if (part.startsWith('file:')) return { part: 'files', after: part.slice('file:'.length) };
  const { next } = read<{ next: string | number | null }>(bytes);
  return { part, after: next === null ? null : String(next) };
}

/**
 * Reads a backup: yields every page of every part, and then the files; after the piece `last`, where an earlier reader has stored all up to
 * that one. Deletes the snapshot when all is read: until then another reader can go on.
 */
export async function* readBackup(
  service: BackupService,
  { id, parts }: Manifest,
  last: Piece | null = null,
): AsyncGenerator<Piece> {
  const get = (part: string, more: Record<string, string> = {}): Promise<Uint8Array> =>
    service.send('GET', `/admin/backups/${id}/part?${new URLSearchParams({ part, ...more }).toString()}`);
  const readFile = async (key: string): Promise<Uint8Array | null> => {
    try {
      return await get(`file:${key}`);
    } catch (error) {
      // It was deleted since the list was read.
      if (error instanceof ServiceError && error.status === 404) return null;
      throw error;
    }
  };
  const reached = last && positionAfter(last);
  const from = reached === null ? 0 : parts.findIndex(({ name }) => name === reached.part);
  for (const { name, size } of parts.slice(from)) {
    let after: string | null = name === reached?.part ? reached.after : '';
    while (after !== null) {
      const bytes: Uint8Array = await get(name, { after, last: String(size) });
      const page = read<{ next: string | number | null; files?: FileEntry[] }>(bytes);
      if (page.files === undefined) yield { part: name, bytes };
      for (const { key, owner } of page.files ?? []) {
        const content = await readFile(key);
        if (content !== null) yield { part: `file:${key}`, owner, bytes: content };
      }
      after = page.next === null ? null : String(page.next);
    }
  }
  await service.send('DELETE', `/admin/backups/${id}`);
}

export interface RestoreWishes {
  replace: boolean;
  otherSecrets: string[];
}

/** Begins a restore, in the place of an unfinished one. Returns its id. */
export const beginRestore = async (
  service: BackupService,
  manifest: Manifest,
  wishes: RestoreWishes,
): Promise<string> =>
  read<{ id: string }>(await service.send('POST', '/admin/restores', { backup: manifest, ...wishes })).id;

/**
 * Restores the pieces of a backup: nothing in use changes before the last request, but for files and runs, which are added. `stored` is called
 * after each piece.
 */
export async function writeBackup(
  service: BackupService,
  id: string,
  pieces: AsyncIterable<Piece> | Iterable<Piece>,
  stored: (piece: Piece) => void = () => undefined,
): Promise<Report> {
  for await (const piece of pieces) {
    const { part, owner = '', bytes } = piece;
    await service.send('PUT', `/admin/restores/${id}/part?${new URLSearchParams({ part, owner }).toString()}`, bytes);
    stored(piece);
  }
  return read<Report>(await service.send('POST', `/admin/restores/${id}/finish`));
}
