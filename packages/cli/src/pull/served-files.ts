import type { FolderObject } from '../project/read-folder.ts';
import { Refused, type Service } from '../service/client.ts';

/** Texts by paths of the project. */
export type Files = Record<string, string>;

/** Reads the files of a handler as a service has them; none where it has no such handler. */
export async function servedFiles(service: Service, path: string): Promise<Files> {
  const at = path.split('/').map(encodeURIComponent).join('/');
  try {
    const { files } = await service.json<{ files: { path: string; source: string }[] }>(
      'GET',
      `/admin/by-path/handler-files/${at}`,
    );
    return Object.fromEntries(files.map((file) => [file.path, file.source]));
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return {};
    throw error;
  }
}

/** Returns the files that a handler of the folder is pushed with. */
export const folderFiles = (handler: FolderObject | undefined): Files =>
  handler === undefined ? {} : (handler.built?.texts ?? { [handler.file]: handler.source ?? '' });
