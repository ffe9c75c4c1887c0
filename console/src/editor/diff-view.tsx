import { MergeView } from '@codemirror/merge';
import { history, defaultKeymap, historyKeymap } from '@codemirror/commands';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import styles from './diff-view.module.css';
import editorStyles from './code-editor.module.css';
import { editorLook } from './editor-look';
import { loadLanguage, type EditorLanguage } from './languages';

interface DiffViewProps {
  language: EditorLanguage;
  /** The two texts, with their names. */
  before: { name: string; text: string };
  after: { name: string; text: string };
  /** Gets the right side as it is edited; lines can be taken over from the left one. Without it, both can only be read. */
  onChange?: (text: string) => void;
}

const look: Extension = [lineNumbers(), EditorView.lineWrapping, editorLook];
const named = (name: string): Extension => EditorView.contentAttributes.of({ 'aria-label': name, tabindex: '0' });

/** Two texts side by side, with what differs. Lines that are the same are folded. */
export default function DiffView({ language, before, after, onChange }: DiffViewProps) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  const isEditable = onChange !== undefined;
  useEffect(() => {
    const grammar = new Compartment();
    const frozen = EditorState.readOnly.of(true);
    const written = [
      history(),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (docChanged) latest.current?.(state.doc.toString());
      }),
    ];
    const view = new MergeView({
      parent: place.current!,
      a: { doc: before.text, extensions: [look, frozen, grammar.of([]), named(before.name)] },
      b: { doc: after.text, extensions: [look, isEditable ? written : frozen, grammar.of([]), named(after.name)] },
      collapseUnchanged: { margin: 3, minSize: 6 },
      ...(isEditable && { revertControls: 'a-to-b' }),
    });
    let isOpen = true;
    void loadLanguage(language).then((loaded) => {
      if (!isOpen) return;
      for (const side of [view.a, view.b]) side.dispatch({ effects: grammar.reconfigure(loaded) });
    });
    return () => {
      isOpen = false;
      view.destroy();
    };
    // The right side is its own once it can be edited.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [language, before.text, isEditable ? null : after.text, isEditable]);
  return (
    <div className={styles.diff}>
      <div className={styles.names} aria-hidden="true">
        <span>{before.name}</span>
        <span>{after.name}</span>
      </div>
      <div ref={place} className={`${editorStyles.editor} ${styles.sides}`} />
    </div>
  );
}
