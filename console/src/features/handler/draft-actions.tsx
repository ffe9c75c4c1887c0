import { useState } from 'react';
import { useRights } from '../../api/session';
import { Button } from '../../kit/button';
import { toastDone } from '../../kit/toast';
import { useActions } from '../../shell/actions';
import type { EditorLanguage } from '../../editor/languages';
import { DeployDialog } from './deploy-dialog';
import type { Handler } from './handler.queries';
import type { HandlerDraft } from './use-handler-draft';

/** Acts on a draft: save it as a version, serve it, discard it. */
export function DraftActions(props: { handler: Handler; draft: HandlerDraft; language: EditorLanguage }) {
  const { handler, draft, language } = props;
  const { may, whyNot } = useRights();
  const [isDeploying, setDeploying] = useState(false);
  const conflict = draft.theirs === null ? undefined : 'Put the two versions together first.';
  const reason = whyNot('handler.write') ?? conflict;
  const nothing = draft.isChanged ? undefined : 'There is nothing to save.';
  const isServed = !draft.isChanged && handler.defaultVersion === draft.saved.version;
  const save = (): void => void draft.save();
  const discard = (): void => {
    const { text } = draft;
    void draft.discard();
    toastDone('Discarded the draft.', () => draft.write(text));
  };
  useActions(
    may('handler.write')
      ? [
          { id: 'save', label: 'Save version', keys: 'Mod+S', run: () => draft.isChanged && save() },
          {
            id: 'deploy',
            label: 'Deploy…',
            keys: 'Mod+Shift+Enter',
            run: () => reason === undefined && !isServed && setDeploying(true),
          },
          ...(draft.isChanged ? [{ id: 'discard', label: 'Discard the draft', run: discard }] : []),
        ]
      : [],
  );
  return (
    <>
      {draft.isChanged && (
        <Button tone="quiet" reason={whyNot('handler.write')} onPress={discard}>
          Discard
        </Button>
      )}
      <Button reason={reason ?? nothing} isPending={draft.isSaving} onPress={save}>
        Save version
      </Button>
      <Button
        tone="primary"
        reason={reason ?? (isServed ? 'This version is served already.' : undefined)}
        onPress={() => setDeploying(true)}
      >
        Deploy…
      </Button>
      {isDeploying && (
        <DeployDialog handler={handler} draft={draft} language={language} onClose={() => setDeploying(false)} />
      )}
    </>
  );
}
