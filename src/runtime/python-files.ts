import { WorkerEntrypoint } from 'cloudflare:workers';
import { openAsset } from './languages/python';

/** Files that an interpreter reads for itself. They are large and needed once: as modules they would stay in the isolate for its life. */
const FILES = ['snapshot.bin'] as const;

/** The one binding of an isolate that runs Python: streams files of the runtime, without a copy in this Worker. Serves nothing else. */
export class PythonFiles extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname.slice(1);
    const name = FILES.find((file) => file === path);
    return name === undefined ? new Response(null, { status: 404 }) : openAsset(this.env.ASSETS, name);
  }
}
