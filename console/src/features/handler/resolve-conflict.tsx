import { useState } from 'react';
import { mergeTexts } from '../../draft/merge-texts.rules';
import DiffView from '../../editor/diff-view';
import type { EditorLanguage } from '../../editor/languages';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import type { VersionWithSource } from './handler.queries';
import type { HandlerDraft } from './use-handler-draft';

/** Theirs on the left, mine with all of theirs that does not overlap on the right, to be edited. */
export default function ResolveConflict(props: {
  draft: HandlerDraft;
  theirs: VersionWithSource;
  language: EditorLanguage;
  onClose: () => void;
}) {
  const { draft, theirs, language, onClose } = props;
  const [merge] = useState(() => mergeTexts(draft.base, draft.text, theirs.source));
  const [text, setText] = useState(merge.text);
  const resolve = (now: string): void => {
    draft.rebase(now, theirs.version);
    onClose();
  };
  return (
    <Dialog
      title="Put both together"
      isOpen
      isFixed
      onClose={onClose}
      width="wide"
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button onPress={() => resolve(theirs.source)}>Take v{theirs.version} as it is</Button>
          <Button tone="primary" onPress={() => resolve(text)}>
            Use the right side
          </Button>
        </>
      }
    >
      <p>
        {merge.overlaps === 0
          ? 'Both sets of changes fit together: the right side has all of them.'
          : `${merge.overlaps === 1 ? 'One place was' : `${merge.overlaps} places were`} changed by both. The right side has yours there; take lines from the left with the arrows.`}
      </p>
      <DiffView
        language={language}
        before={{
          name: `v${theirs.version}, saved by ${theirs.createdByName ?? theirs.createdBy}`,
          text: theirs.source,
        }}
        after={{ name: 'Your draft', text: merge.text }}
        onChange={setText}
      />
    </Dialog>
  );
}
