import type { QueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { toastDone, toastFailed } from '../../kit/toast';
import { handlerQueries } from './handler.queries';

/** Serves a version. The toast takes it back, to the version `before`. Resolves to false when it was refused. */
export async function deployNow(
  client: QueryClient,
  id: string,
  version: number,
  before: number | null = null,
): Promise<boolean> {
  try {
    await call('PUT /admin/handlers/:id/default', { params: { id }, body: { version } });
    toastDone(
      `v${version} is served.`,
      before === null || before === version ? undefined : () => void deployNow(client, id, before),
    );
    return true;
  } catch (error) {
    toastFailed(error);
    return false;
  } finally {
    await client.invalidateQueries({ queryKey: handlerQueries.all });
  }
}
