import type { QueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { Problem } from '../../api/problem';
import { toastDone, toastFailed } from '../../kit/toast';
import { handlerQueries } from './handler.queries';

/**
 * Serves a version. The toast takes it back, to the version `before`. Resolves to false when it was refused: with a `revision`, also because
 * someone else has changed the handler since.
 */
export async function deployNow(
  client: QueryClient,
  { id, revision }: { id: string; revision?: number },
  version: number,
  before: number | null = null,
): Promise<boolean> {
  try {
    const made = await call('PUT /admin/handlers/:id/default', {
      params: { id },
      body: { version },
      ...(revision !== undefined && { ifMatch: revision }),
    });
    toastDone(
      `v${version} is served.`,
      before === null || before === version ? undefined : () => void deployNow(client, made, before),
    );
    return true;
  } catch (error) {
    const isStale = error instanceof Problem && error.code === 'stale_revision';
    toastFailed(isStale ? new Error('Someone else changed this handler first. Nothing was deployed.') : error);
    return false;
  } finally {
    await client.invalidateQueries({ queryKey: handlerQueries.all });
  }
}
