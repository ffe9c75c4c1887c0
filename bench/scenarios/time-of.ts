import { request, type Agent } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Target } from '../load/types.ts';

/** Sends one request. Returns the milliseconds until its response is complete. Rejects for another status than the target's. */
export function timeOf({ url, method, headers, body, status }: Target, agent?: Agent): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const options = { method, headers, ...(agent === undefined ? {} : { agent }) };
    const call = request(url, options, (response) => {
      text(response).then((answer) => {
        if (response.statusCode === status) resolve(performance.now() - startedAt);
        else reject(new Error(`${url} answered ${response.statusCode}: ${answer}`));
      }, reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}
