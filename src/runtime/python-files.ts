import { WorkerEntrypoint } from 'cloudflare:workers';
import { folderOf, openAsset, type PythonFilesProps } from './languages/python-assets';
import { pythonVersion } from './languages/python';

/**
 * The one binding of an isolate that runs Python: streams the files that an interpreter reads for itself, its memory snapshot and the files
 * of its packages, without a copy in this Worker. As modules they would stay in the isolate for its life. Serves nothing else.
 */
export class PythonFiles extends WorkerEntrypoint<Env, PythonFilesProps> {
  override async fetch(request: Request): Promise<Response> {
    const name = new URL(request.url).pathname.slice(1);
    const { set } = this.ctx.props;
    if (set === null) return name === 'snapshot.bin' ? this.#open([name]) : NOT_FOUND();
    if (name === 'site.bin') return this.#open(partsOf(`${folderOf(set)}/site`, set.parts.site));
    return name === 'snapshot.bin' ? this.#open(partsOf(snapshotOf(set), set.parts.snapshot)) : NOT_FOUND();
  }

  /** Streams files one after the other. */
  #open(names: string[]): Response {
    const { readable, writable } = new IdentityTransformStream();
    const copy = async (): Promise<void> => {
      for (const name of names) {
        const { body } = await openAsset(this.env, name);
        await body.pipeTo(writable, { preventClose: true });
      }
      await writable.close();
    };
    this.ctx.waitUntil(copy().catch((error: unknown) => writable.abort(error)));
    return new Response(readable);
  }
}

const partsOf = (name: string, parts: number): string[] =>
  Array.from({ length: parts }, (_, part) => `${name}-${part}.bin`);

/** A snapshot fits one version of the runtime. Those of a build come with it; those of uploaded sets are made again for each. */
const snapshotOf = (set: NonNullable<PythonFilesProps['set']>): string =>
  set.uploaded === true ? `${folderOf(set)}/${pythonVersion}/snapshot` : `${folderOf(set)}/snapshot`;

const NOT_FOUND = (): Response => new Response(null, { status: 404 });
