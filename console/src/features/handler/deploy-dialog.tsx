import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { TextField } from '../../kit/field';
import { Loaded, Placeholder } from '../../kit/state';
import type { EditorLanguage } from '../../editor/languages';
import { Affected } from './affected';
import { deployNow } from './deploy';
import { handlerQueries, type Handler } from './handler.queries';
import type { HandlerDraft } from './use-handler-draft';

const DiffView = lazy(() => import('../../editor/diff-view'));

/** Changes of a deploy and its users, before it happens. */
export function DeployDialog(props: {
  handler: Handler;
  draft: HandlerDraft;
  language: EditorLanguage;
  onClose: () => void;
}) {
  const { handler, draft, language, onClose } = props;
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const [isPending, setPending] = useState(false);
  const { id, defaultVersion } = handler;
  const served = useQuery({ ...handlerQueries.version(id, defaultVersion ?? 1), enabled: defaultVersion !== null });
  const deploy = async (): Promise<void> => {
    setPending(true);
    const isDone = draft.isChanged
      ? await draft.save(note, true)
      : await deployNow(client, handler, draft.saved.version, defaultVersion);
    setPending(false);
    if (isDone) onClose();
  };
  const name = draft.isChanged ? 'the draft' : `v${draft.saved.version}`;
  return (
    <Dialog
      title={`Deploy ${name}`}
      isOpen
      onClose={onClose}
      width="wide"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button tone="primary" autoFocus isPending={isPending} onPress={() => void deploy()}>
            Deploy
          </Button>
        </>
      }
    >
      <Affected id={id} />
      {draft.isChanged && (
        <TextField label="Note" hint="What changes, for the list of versions" value={note} onChange={setNote} />
      )}
      {defaultVersion === null ? (
        <p>It is the first version that is served.</p>
      ) : (
        <Loaded query={served} what="the served version">
          {({ source }) =>
            source === draft.text ? (
              <p>It is the same text as v{defaultVersion}, which is served.</p>
            ) : (
              <Suspense fallback={<Placeholder what="the comparison" />}>
                <DiffView
                  language={language}
                  before={{ name: `v${defaultVersion}, served`, text: source }}
                  after={{ name, text: draft.text }}
                />
              </Suspense>
            )
          }
        </Loaded>
      )}
    </Dialog>
  );
}
