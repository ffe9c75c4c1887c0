import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ProblemIssue } from '../../api/problem';
import { stateWord, type DraftStart } from '../../draft/draft.rules';
import { useDraft } from '../../draft/use-draft';
import { handlerQueries, type Handler, type VersionWithSource } from './handler.queries';
import { useSaveVersion } from './use-save-version';

const NONE: readonly ProblemIssue[] = [];

export interface Saved {
  text: string;
  version: number;
  /** End of each line of the source; the text has line feeds. */
  lineEnd: string;
}

export const toSaved = ({ source, version, lineEnd }: VersionWithSource): Saved => ({ text: source, version, lineEnd });

/** The draft of a handler, and what can be done with it: save it as a version, deploy it, discard it. */
export function useHandlerDraft(handler: Handler, opened: Saved, start: DraftStart) {
  const { keeper, text, baseVersion, kept, other } = useDraft({ kind: 'handler', id: handler.id }, start);
  const [saved, setSaved] = useState(opened);
  const [refusal, setRefusal] = useState({ text: '', issues: NONE });
  // The base of the draft: an older version than the newest one, when another user saved first.
  const baseQuery = useQuery({ ...handlerQueries.version(handler.id, baseVersion), enabled: baseVersion > 0 });
  const basis = baseVersion === saved.version ? saved : baseQuery.data && toSaved(baseQuery.data);
  const base = basis?.text;
  const isBehind = handler.latestVersion > baseVersion;
  const isChanged = text !== (base ?? saved.text);
  const theirs = useQuery({ ...handlerQueries.version(handler.id, handler.latestVersion), enabled: isBehind });
  useEffect(() => {
    // Without a draft, the newer version is shown at once.
    if (isBehind && !isChanged && theirs.data && base !== undefined) {
      setSaved(toSaved(theirs.data));
      void keeper.forget(theirs.data.source, handler.latestVersion);
    }
  }, [isBehind, isChanged, theirs.data, base, handler.latestVersion, keeper]);
  const isBlocked = isBehind && isChanged;
  const { lineEnd } = basis ?? saved;
  const { save, isSaving } = useSaveVersion(
    handler,
    { text, lineEnd, isBlocked },
    {
      onSaved: async (written, version) => {
        setSaved({ text: written, version, lineEnd });
        // Text that was written during the save stays a draft, on top of the new version.
        const now = keeper.getState().text;
        if (now === written) await keeper.forget(written, version);
        else keeper.rebase(now, version);
      },
      onRefused: (refused, issues) => setRefusal({ text: refused, issues }),
    },
  );
  const conflict = isBlocked
    ? `v${handler.latestVersion} was saved`
    : other === null
      ? null
      : 'another device has a newer draft';
  return {
    text,
    readText: keeper.getText,
    write: keeper.write,
    saved,
    base: base ?? '',
    isChanged,
    isSaving,
    /** Issues that a save found in this very text. */
    refused: refusal.text === text ? refusal.issues : NONE,
    kept,
    other,
    takeOther: keeper.takeOther,
    keepMine: keeper.keepMine,
    /** The newest version, when another user saved it since the draft began. */
    theirs: isBlocked ? (theirs.data ?? null) : null,
    rebase: keeper.rebase,
    save,
    discard: () => keeper.forget(saved.text, saved.version),
    word: stateWord({ isChanged, kept, isSaving, conflict, version: saved.version }),
    isBad: conflict !== null || kept === 'full',
  };
}

export type HandlerDraft = ReturnType<typeof useHandlerDraft>;
