import { call, type CallInput } from '../../api/call';
import type { Endpoint } from './endpoint.queries';

export type Change = CallInput<'POST /admin/endpoints/bulk'>['body']['change'];
export interface Refusal {
  name: string;
  message: string;
}

/** Endpoints of one request. */
export const MANY = 50;

/** Changes endpoints, 50 at a time. Resolves to those that were refused; the others have changed. */
export async function changeAll(endpoints: readonly Endpoint[], change: Change): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  for (let at = 0; at < endpoints.length; at += MANY) {
    const ids = endpoints.slice(at, at + MANY).map(({ id }) => id);
    const { items } = await call('POST /admin/endpoints/bulk', { body: { ids, change } });
    for (const { id, done, message } of items)
      if (!done) refused.push({ name: `/u/${endpoints.find((one) => one.id === id)!.path}`, message: message ?? '' });
  }
  return refused;
}
