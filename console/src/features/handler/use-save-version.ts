import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { Problem, type ProblemIssue } from '../../api/problem';
import { toastDone, toastFailed } from '../../kit/toast';
import { deployNow } from './deploy';
import { handlerQueries, type Handler } from './handler.queries';

interface Outcomes {
  onSaved: (source: string, version: number) => Promise<void>;
  onRefused: (source: string, issues: readonly ProblemIssue[]) => void;
}

/** Saves a text as the next version of a handler; while `isBlocked`, another version has to be looked at first. */
export function useSaveVersion(handler: Handler, text: string, isBlocked: boolean, { onSaved, onRefused }: Outcomes) {
  const client = useQueryClient();
  const { mutateAsync, isPending } = useMutation({
    mutationFn: async (body: { source: string; note: string; deploy: boolean }) => ({
      source: body.source,
      ...(await call('POST /admin/handlers/:id/versions', {
        params: { id: handler.id },
        body,
        ifMatch: handler.revision,
      })),
    }),
    onSuccess: async ({ source, version }) => {
      await onSaved(source, version);
      await client.invalidateQueries({ queryKey: handlerQueries.all });
    },
    onError: async (error, { source }) => {
      if (error instanceof Problem && error.code === 'stale_revision') {
        await client.invalidateQueries({ queryKey: handlerQueries.all });
        return toastFailed(new Error('Someone else changed this handler first. Nothing of yours is lost: save again.'));
      }
      if (error instanceof Problem) onRefused(source, error.issues);
      toastFailed(error);
    },
  });
  /** Resolves to false when it was refused. */
  const save = async (note = '', deploy = false): Promise<boolean> => {
    if (isPending || isBlocked) return false;
    const before = handler.defaultVersion;
    try {
      const { version } = await mutateAsync({ source: text, note, deploy });
      if (!deploy) toastDone(`Saved v${version}. It is not served yet.`);
      else if (before === null) toastDone(`v${version} is served.`);
      else toastDone(`v${version} is served.`, () => void deployNow(client, handler.id, before));
      return true;
    } catch {
      // The mutation has said why.
      return false;
    }
  };
  return { save, isSaving: isPending };
}
