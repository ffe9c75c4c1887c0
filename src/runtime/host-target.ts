import { RpcTarget } from 'cloudflare:workers';
import type { CallHost, OutboundAnswer } from './types';

/** A CallHost as an RPC target: the isolate can call these three methods and nothing else. */
export class HostTarget extends RpcTarget implements CallHost {
  readonly #host: CallHost;

  constructor(host: CallHost) {
    super();
    this.#host = host;
  }
  send(op: unknown, args: unknown): Promise<string> {
    return this.#host.send(op, args);
  }
  fetch(request: unknown): Promise<OutboundAnswer> {
    return this.#host.fetch(request);
  }
  cancel(id: unknown): void {
    this.#host.cancel(id);
  }
}
