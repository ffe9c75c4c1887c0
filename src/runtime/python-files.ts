import { WorkerEntrypoint } from 'cloudflare:workers';
import { openAsset, type PythonFilesProps } from './languages/python-assets';

/**
 * The one binding of an isolate that runs Python: streams the files that an interpreter reads for itself, its memory snapshot and the files
 * of its packages, without a copy in this Worker. As modules they would stay in the isolate for its life. Serves nothing else.
 */
export class PythonFiles extends WorkerEntrypoint<Env, PythonFilesProps> {
  override async fetch(request: Request): Promise<Response> {
    const name = new URL(request.url).pathname.slice(1);
    const { set } = this.ctx.props;
    if (set === null) return name === 'snapshot.bin' ? openAsset(this.env.ASSETS, name) : NOT_FOUND();
    const { id, parts } = set;
    const file = FILES_OF_SET.find((one) => `${one}.bin` === name);
    return file === undefined ? NOT_FOUND() : this.#openParts(`sets/${id}/${file}`, parts[file]);
  }

  #openParts(name: string, parts: number): Response {
    const { readable, writable } = new IdentityTransformStream();
    const copy = async (): Promise<void> => {
      for (let part = 0; part < parts; part++) {
        const { body } = await openAsset(this.env.ASSETS, `${name}-${part}.bin`);
        await body!.pipeTo(writable, { preventClose: true });
      }
      await writable.close();
    };
    this.ctx.waitUntil(copy().catch((error: unknown) => writable.abort(error)));
    return new Response(readable);
  }
}

const FILES_OF_SET = ['snapshot', 'site'] as const;
const NOT_FOUND = (): Response => new Response(null, { status: 404 });
