import { WorkerEntrypoint } from 'cloudflare:workers';
import { folderOf, keyInBucket, openAsset } from './languages/python-assets';
import { pythonVersion } from './languages/python';

/** Properties of the binding through which an isolate makes a package set: its id, and hashes of the wheels that it may read. */
export interface SetFilesProps {
  id: string;
  wheels: string[];
}

/** Bytes of one file that an isolate may leave: more than the memory of any snapshot. */
const MAX_BYTES = 100 << 20;

/** The binding of an isolate that makes a package set: serves the wheels of the set and its files, and stores what is made. */
export class SetFiles extends WorkerEntrypoint<Env, SetFilesProps> {
  override async fetch(request: Request): Promise<Response> {
    const name = new URL(request.url).pathname.slice(1);
    return request.method === 'PUT' ? this.#store(name, request) : this.#serve(name);
  }

  async #serve(name: string): Promise<Response> {
    const { id, wheels } = this.ctx.props;
    if (name === 'site.bin') {
      const { body } = await openAsset(this.env, `${folderOf({ id, uploaded: true })}/site-0.bin`);
      return new Response(body);
    }
    const wheel = wheels.includes(name.slice('wheels/'.length)) ? await this.env.FILES.get(keyInBucket(name)) : null;
    return wheel === null ? new Response(null, { status: 404 }) : new Response(wheel.body);
  }

  async #store(name: string, request: Request): Promise<Response> {
    const length = Number(request.headers.get('x-bytes'));
    if (!isMade(name)) return new Response('a set has no such file', { status: 403 });
    if (!(length > 0 && length <= MAX_BYTES)) return new Response('it is too large', { status: 413 });
    const { readable, writable } = new FixedLengthStream(length);
    const key = keyInBucket(`${folderOf({ id: this.ctx.props.id, uploaded: true })}/${name}`);
    await Promise.all([request.body!.pipeTo(writable), this.env.FILES.put(key, readable)]);
    return new Response(null, { status: 204 });
  }
}

const isMade = (name: string): boolean =>
  /^(?:site-0\.bin|so-\d+\.wasm)$/.test(name) || name === `${pythonVersion}/snapshot-0.bin`;
