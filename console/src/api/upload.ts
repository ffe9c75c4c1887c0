import { toQuery, type Text } from './path.rules';
import { readProblem, Unreachable } from './problem';
import { isSessionOver, renewSession } from './session-gate';

/** Sends a file as it is. Rejects as `call` does, and repeats when the user has signed in again. */
export async function uploadBytes<T>(path: string, file: Blob, query: Record<string, Text>): Promise<T> {
  for (;;) {
    const response = await send(path + toQuery(query), file);
    if (response.ok) return (await response.json()) as T;
    const problem = await readProblem(response);
    if (!isSessionOver(problem)) throw problem;
    await renewSession(problem);
  }
}

async function send(address: string, body: Blob): Promise<Response> {
  try {
    const headers = { accept: 'application/json', 'content-type': 'application/octet-stream' };
    return await fetch(address, { method: 'POST', headers, body, credentials: 'same-origin' });
  } catch (error) {
    throw new Unreachable(error);
  }
}
