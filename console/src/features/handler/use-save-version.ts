import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { Problem, type ProblemIssue } from '../../api/problem';
import { withLineEnd } from '../../editor/line-ends.rules';
import { toastDone, toastFailed } from '../../kit/toast';
import { deployNow } from './deploy';
import { handlerQueries, type Handler } from './handler.queries';

interface Outcomes {
  onSaved: (text: string, version: number) => Promise<void>;
  onRefused: (text: string, issues: readonly ProblemIssue[]) => void;
}

interface Written {
  text: string;
  lineEnd: string;
  /** True while another version has to be looked at first. */
  isBlocked: boolean;
}

/** Saves a text as the next version of a handler. */
export function useSaveVersion(handler: Handler, written: Written, { onSaved, onRefused }: Outcomes) {
  const { text, lineEnd, isBlocked } = written;
  const client = useQueryClient();
  const { mutateAsync, isPending } = useMutation({
    mutationFn: async (saving: { text: string; note: string; deploy: boolean }) => ({
      saved: saving.text,
      ...(await call('POST /admin/handlers/:id/versions', {
        params: { id: handler.id },
        body: { source: withLineEnd(saving.text, lineEnd), note: saving.note, deploy: saving.deploy },
        ifMatch: handler.revision,
      })),
    }),
    onSuccess: async ({ saved, version }) => {
      await onSaved(saved, version);
      await client.invalidateQueries({ queryKey: handlerQueries.all });
    },
    onError: async (error, { text: refused }) => {
      if (error instanceof Problem && error.code === 'stale_revision') {
        await client.invalidateQueries({ queryKey: handlerQueries.all });
        return toastFailed(new Error('Someone else changed this handler first. Nothing of yours is lost: save again.'));
      }
      if (error instanceof Problem) onRefused(refused, error.issues);
      toastFailed(error);
    },
  });
  /** Resolves to false when it was refused. */
  const save = async (note = '', deploy = false): Promise<boolean> => {
    if (isPending || isBlocked) return false;
    const before = handler.defaultVersion;
    try {
      const { version } = await mutateAsync({ text, note, deploy });
      if (!deploy) toastDone(`Saved v${version}. It is not served yet.`);
      else if (before === null) toastDone(`v${version} is served.`);
      else {
        const served = client.getQueryData(handlerQueries.one(handler.id).queryKey) ?? { id: handler.id };
        toastDone(`v${version} is served.`, () => void deployNow(client, served, before));
      }
      return true;
    } catch {
      // The mutation has said why.
      return false;
    }
  };
  return { save, isSaving: isPending };
}
