import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/call';
import { Problem } from '../../api/problem';
import { useSession } from '../../api/session';
import { toastFailed } from '../../kit/toast';
import { begin, push, redo, undo, type History } from './history.rules';
import { keepDraft, readDraft } from './kept-draft';
import type { GraphDocument } from './graph-document.rules';
import { graphQueries, type EditedGraph } from './graph.queries';

/** Milliseconds after a change before it is kept on this machine. */
const KEEP_MS = 300;

export interface GraphEditor {
  doc: GraphDocument;
  /** False once the graph is approved, for other users' graphs, and without the right to write. */
  isEditable: boolean;
  /** Changes the document. `merge` names what is typed into: changes of the same name are undone together. */
  set: (doc: GraphDocument, merge?: string) => void;
  undo: (() => void) | null;
  redo: (() => void) | null;
  isDirty: boolean;
  isSaving: boolean;
  isFull: boolean;
  /** The state that another user saved first; null without a conflict. */
  theirs: EditedGraph | null;
  /** Saves, when there is something to save. Returns the revision; null when it was not saved, as while another save is under way. */
  save: () => Promise<number | null>;
  /** Ends a conflict: `mine` goes on, over their revision; `theirs` replaces the document, and undo brings mine back. */
  resolve: (keep: 'mine' | 'theirs') => void;
}

const documentOf = ({ title, description, nodes }: EditedGraph): GraphDocument => ({ title, description, nodes });

/** Holds the changes of a graph: undo, redo, a draft on this machine, and saves under the revision that it is based on. */
export function useGraphEditor(graph: EditedGraph, mayWrite: boolean): GraphEditor {
  const userId = useSession().user.id;
  const client = useQueryClient();
  const isEditable = mayWrite && graph.isOwn && graph.status === 'CREATED';
  const [kept] = useState(() => (isEditable ? readDraft(userId, graph.id) : null));
  const [opened] = useState(() => documentOf(graph));
  const [base, setBase] = useState({ revision: kept?.revision ?? graph.revision, doc: opened });
  const [history, setHistory] = useState<History<GraphDocument>>(() =>
    kept ? push(begin(opened), kept.doc) : begin(opened),
  );
  const [theirs, setTheirs] = useState<EditedGraph | null>(kept && kept.revision !== graph.revision ? graph : null);
  const [isSaving, setSaving] = useState(false);
  const isSending = useRef(false);
  const [isFull, setFull] = useState(false);
  const merging = useRef<string>(undefined);
  const doc = isEditable ? history.now : documentOf(graph);
  const isDirty = isEditable && doc !== base.doc;

  const keep = useRef<() => boolean>(() => true);
  useEffect(() => {
    keep.current = () => !isEditable || keepDraft(userId, graph.id, isDirty ? { revision: base.revision, doc } : null);
    const timer = setTimeout(() => setFull(!keep.current()), KEEP_MS);
    return () => clearTimeout(timer);
  }, [isEditable, isDirty, userId, graph.id, base.revision, doc]);
  // Includes text that was typed right before the screen is left.
  useEffect(() => () => void keep.current(), []);
  useEffect(() => {
    if (!isFull) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isFull]);

  const adopt = (saved: EditedGraph): void => void client.setQueryData(graphQueries.one(graph.id).queryKey, saved);
  const save = async (): Promise<number | null> => {
    // A second one would be based on the same revision, and be a conflict with the first.
    if (isSending.current) return null;
    if (!isDirty) return base.revision;
    isSending.current = true;
    setSaving(true);
    try {
      const { title, description, nodes } = doc;
      const body = { title, description, nodes: [...nodes] };
      const params = { id: graph.id };
      const saved = await call('PUT /admin/graphs/:id', { params, body, ifMatch: base.revision });
      setBase({ revision: saved.revision, doc });
      keepDraft(userId, graph.id, null);
      adopt(saved);
      void client.invalidateQueries({ queryKey: ['graphs', 'list'] });
      return saved.revision;
    } catch (error) {
      if (error instanceof Problem && error.code === 'stale_revision')
        setTheirs(await call('GET /admin/graphs/:id', { params: { id: graph.id } }));
      else toastFailed(error);
      return null;
    } finally {
      isSending.current = false;
      setSaving(false);
    }
  };
  const resolve = (keep: 'mine' | 'theirs'): void => {
    if (theirs === null) return;
    const saved = documentOf(theirs);
    setBase({ revision: theirs.revision, doc: saved });
    if (keep === 'theirs') setHistory((now) => push(now, saved));
    adopt(theirs);
    setTheirs(null);
  };
  const step = (by: typeof undo<GraphDocument>) => () => {
    merging.current = undefined;
    setHistory(by);
  };
  return {
    doc,
    isEditable,
    set: (next, merge) => {
      const merges = merge !== undefined && merge === merging.current;
      merging.current = merge;
      setHistory((now) => push(now, next, merges));
    },
    undo: isEditable && history.past.length > 0 ? step(undo) : null,
    redo: isEditable && history.future.length > 0 ? step(redo) : null,
    isDirty,
    isSaving,
    isFull,
    theirs,
    save,
    resolve,
  };
}
