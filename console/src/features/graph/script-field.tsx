import { lazy, Suspense } from 'react';
import type { EditorLanguage } from '../../editor/languages';
import { Placeholder } from '../../kit/state';
import styles from './graph.module.css';

const CodeEditor = lazy(() => import('../../editor/code-editor'));

const LANGUAGES: Record<string, EditorLanguage> = { python: 'python', javascript: 'javascript' };

interface ScriptFieldProps {
  label: string;
  /** As PLynx names the language of a script: `python`, `sh`. */
  mode: string;
  value: string;
  onChange: (value: string) => void;
}

/** The script of an operation, in the editor of sources. */
export const ScriptField = ({ label, mode, value, onChange }: ScriptFieldProps) => (
  <div className={styles.parameter}>
    <strong>{label}</strong>
    <Suspense fallback={<Placeholder rows={4} what="the editor" />}>
      <CodeEditor label={label} language={LANGUAGES[mode] ?? 'text'} value={value} onChange={onChange} size="small" />
    </Suspense>
    <span className={styles.quiet}>Escape, then Tab leaves it.</span>
  </div>
);
