import { lazy, Suspense, useState } from 'react';
import { Button } from '../../kit/button';
import { Notice } from '../../kit/notice';
import { Time } from '../../kit/time';
import type { EditorLanguage } from '../../editor/languages';
import styles from './handler.module.css';
import type { HandlerDraft } from './use-handler-draft';

const ResolveConflict = lazy(() => import('./resolve-conflict'));

/** Acts of another user or device on the edited object. */
export function DraftNotices({ draft, language }: { draft: HandlerDraft; language: EditorLanguage }) {
  const [isResolving, setResolving] = useState(false);
  const { theirs, other } = draft;
  return (
    <>
      {theirs !== null && (
        <Notice tone="warn">
          <p>
            v{theirs.version} was saved while you had this draft. Nothing of either is lost: put them together, then
            save.
          </p>
          <p className={styles.bar}>
            <Button tone="primary" onPress={() => setResolving(true)}>
              Put together…
            </Button>
          </p>
        </Notice>
      )}
      {other !== null && theirs === null && (
        <Notice tone="warn">
          <p>
            Another tab or device of yours has kept a different draft, <Time at={other.updatedAt} />.
          </p>
          <p className={styles.bar}>
            <Button onPress={draft.takeOther}>Take that one</Button>
            <Button onPress={draft.keepMine}>Keep the one here</Button>
          </p>
        </Notice>
      )}
      {theirs !== null && isResolving && (
        <Suspense>
          <ResolveConflict draft={draft} theirs={theirs} language={language} onClose={() => setResolving(false)} />
        </Suspense>
      )}
    </>
  );
}
