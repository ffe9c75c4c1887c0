import { currentRecord } from './capture';

/** One request of a handler, for its run. `status` is null when it was refused or failed. */
export interface Outbound {
  at: number;
  method: string;
  host: string;
  status: number | null;
  refused?: string;
}

const REFUSED_HEADER = 'x-portico-refused';
const MAX_NOTED = 100;
const CLOSED = 'this endpoint has no network: its egress list is empty';

/**
 * Puts a fetch in place that notes every request in the run, counts them, and tells the handler why one was refused. What may go out is
 * not decided here but in the gate outside, which this code cannot reach around.
 */
export function captureFetch(): void {
  const real = globalThis.fetch;
  const captured = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input as RequestInfo, init);
    const record = currentRecord();
    if (record === undefined) return real(request);
    if (record.depth !== undefined) request.headers.set('x-portico-depth', record.depth);
    const note: Outbound = {
      at: Date.now() - record.startedAt,
      method: request.method,
      host: new URL(request.url).host.slice(0, 253),
      status: null,
    };
    if (record.outbound.length < MAX_NOTED) record.outbound.push(note);
    if (++record.requests > record.maxRequests) {
      note.refused = record.maxRequests === 0 ? CLOSED : `more than ${record.maxRequests} requests in one call`;
      throw new TypeError(`fetch failed: ${note.refused}`);
    }
    let response: Response;
    try {
      response = await real(request);
    } catch (error) {
      note.refused = error instanceof Error ? error.message.slice(0, 400) : 'failed';
      throw error;
    }
    const refused = response.headers.get(REFUSED_HEADER);
    if (refused !== null) {
      note.refused = refused;
      throw new TypeError(`fetch failed: ${refused}`);
    }
    note.status = response.status;
    return response;
  };
  globalThis.fetch = captured as typeof fetch;
}
