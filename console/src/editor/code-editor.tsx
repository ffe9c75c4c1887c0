import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
  type CompletionContext,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Assist } from './assist';
import styles from './code-editor.module.css';
import { editorLook } from './editor-look';
import type { Finding } from './finding.rules';
import { loadLanguage, type EditorLanguage } from './languages';
import { toLineFeeds } from './line-ends.rules';

export interface CodeEditorProps {
  /** Names the text for screen readers, such as the path of its handler. */
  label: string;
  language: EditorLanguage;
  value: string;
  /** Gets the text with line feeds. Without it, the text can only be read. */
  onChange?: (value: string) => void;
  findings?: readonly Finding[];
  /** Completion and what is known of symbols. */
  assist?: Assist | null;
  /** Place for the cursor; a new object goes there again. */
  goTo?: { at: number } | null;
  size?: 'large' | 'small';
}

/** The shell handles these keys first. */
const SHELL_KEYS = new Set(['Mod-Enter', 'Shift-Mod-k', 'Mod-/']);
const editing = keymap.of([
  ...closeBracketsKeymap,
  ...defaultKeymap.filter(({ key }) => key === undefined || !SHELL_KEYS.has(key) || key === 'Mod-/'),
  ...searchKeymap,
  ...historyKeymap,
  ...foldKeymap,
  ...completionKeymap,
  ...lintKeymap,
  // Escape, then Tab leaves the editor.
  indentWithTab,
]);

const reading: Extension = [
  lineNumbers(),
  foldGutter(),
  drawSelection(),
  bracketMatching(),
  highlightSelectionMatches(),
  EditorView.lineWrapping,
  editorLook,
];
/**
 * Types over a selection without the browser: Chromium keeps the style of the text that it deletes in a style attribute, which the policy of
 * the page refuses, with an error for each.
 */
const typingOver = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { from, to } = view.state.selection.main;
    const text = event.data;
    const isTyped = event.inputType === 'insertText' && text !== null && !event.isComposing && !view.composing;
    if (!isTyped || from === to || view.state.selection.ranges.length > 1) return false;
    const insert = () =>
      view.state.update({
        changes: { from, to, insert: text },
        selection: { anchor: from + text.length },
        userEvent: 'input.type',
        scrollIntoView: true,
      });
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert)))
      view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

const writing: Extension = [
  typingOver,
  history(),
  indentOnInput(),
  closeBrackets(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  lintGutter(),
  editing,
];

/** A source, with its colors, findings and completions. */
export default function CodeEditor(props: CodeEditorProps) {
  const { label, language, onChange, findings, assist, goTo, size = 'large' } = props;
  const value = useMemo(() => toLineFeeds(props.value), [props.value]);
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const [assisting] = useState(() => new Compartment());
  const latest = useRef({ value, onChange });
  const isReadOnly = onChange === undefined;
  useEffect(() => {
    latest.current.onChange = onChange;
  });
  useEffect(() => {
    const grammar = new Compartment();
    const made = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          reading,
          isReadOnly ? EditorState.readOnly.of(true) : writing,
          assisting.of([]),
          grammar.of([]),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (!docChanged) return;
            const text = state.doc.toString();
            if (text === latest.current.value) return;
            latest.current.value = text;
            latest.current.onChange?.(text);
          }),
        ],
      }),
    });
    view.current = made;
    let isOpen = true;
    void loadLanguage(language).then((loaded) => {
      if (isOpen) made.dispatch({ effects: grammar.reconfigure(loaded) });
    });
    return () => {
      isOpen = false;
      made.destroy();
    };
  }, [label, language, assisting, isReadOnly]);
  useEffect(() => {
    const { current } = view;
    if (!current) return;
    // The types of a handler load while its source is written already: a new editor would lose the focus, the cursor and what can be undone.
    current.dispatch({ effects: assisting.reconfigure(assist ? assisted(assist) : autocompletion()) });
    const { head } = current.state.selection.main;
    const isMember = current.state.sliceDoc(Math.max(0, head - 1), head) === '.';
    if (assist && isMember && current.hasFocus) startCompletion(current);
  }, [label, language, assist, assisting, isReadOnly]);
  useLayoutEffect(() => {
    // Typing comes back as the value that it was; only a text from elsewhere replaces the document. Before any other key: after the next one,
    // what was typed before it would look like a text from elsewhere.
    if (value === latest.current.value) return;
    latest.current.value = value;
    view.current?.dispatch({ changes: { from: 0, to: view.current.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const { current } = view;
    if (!current || findings === undefined) return;
    const end = current.state.doc.length;
    const within = findings.filter(({ from }) => from <= end).map((one) => ({ ...one, to: Math.min(one.to, end) }));
    current.dispatch(setDiagnostics(current.state, within));
  }, [findings, label, language, isReadOnly]);
  useEffect(() => {
    const { current } = view;
    if (!current || !goTo) return;
    const anchor = Math.min(goTo.at, current.state.doc.length);
    current.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    current.focus();
  }, [goTo]);
  return <div ref={place} className={`${styles.editor} ${styles[size]}`} />;
}

/** Letters that a completion may begin with. */
const WORD = /[\w$]*$/;

function assisted({ complete, quick }: Assist): Extension {
  const source = async (context: CompletionContext) => {
    const word = context.matchBefore(WORD);
    const isMember = context.state.sliceDoc(Math.max(0, (word?.from ?? context.pos) - 1), word?.from) === '.';
    const isQuoted = context.matchBefore(/['"`][\w$]*$/) !== null;
    if (!context.explicit && !isMember && !isQuoted && (word === null || word.from === word.to)) return null;
    const options = await complete(context.state.doc.toString(), context.pos);
    if (context.aborted || options.length === 0) return null;
    return { from: word?.from ?? context.pos, options, validFor: /^[\w$]*$/ };
  };
  return [
    autocompletion({ override: [source] }),
    hoverTooltip(async (view, at) => {
      const found = await quick(view.state.doc.toString(), at);
      if (found === null) return null;
      return {
        pos: found.from,
        end: found.to,
        create: () => {
          const dom = document.createElement('pre');
          dom.className = styles.quick!;
          dom.textContent = found.text;
          return { dom };
        },
      };
    }),
  ];
}
